package org.safeclip.experiments.dataset;

import java.util.List;
import org.safeclip.settings.InvalidInputException;

/**
 * A picture that is kept out of training: for tests, and for attackers, whose poisons must be new.
 *
 * @param pixels 8-bit RGB, row by row
 * @param captions what it is said to show, one or more
 * @param name what it shows, in short
 * @param fine its place in the list of fine, or −1
 * @param coarse its place in the list of coarse, or −1
 */
public record HeldOutImage(byte[] pixels, List<String> captions, String name, int fine, int coarse) {
    /** Keeps its own copy of the captions and refuses a picture without one. */
    public HeldOutImage {
        captions = List.copyOf(captions);
        if (captions.isEmpty()) {
            throw new InvalidInputException("held-out picture " + name + " has no caption: give at least one");
        }
    }

    /** The first caption. */
    public String caption() {
        return captions.getFirst();
    }
}
