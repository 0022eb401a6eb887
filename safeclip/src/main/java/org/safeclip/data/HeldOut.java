package org.safeclip.data;

import java.util.List;

/**
 * A picture that is kept out of training: for tests, and for attackers, whose poisons must be new.
 *
 * @param pixels 8-bit RGB, row by row
 * @param captions what it is said to show, one or more
 * @param name what it shows, in short
 * @param concept its place in the list of concepts, or −1
 * @param kind its place in the list of kinds, or −1
 */
public record HeldOut(byte[] pixels, List<String> captions, String name, int concept, int kind) {
    /** Keeps its own copy of the captions and refuses a picture without one. */
    public HeldOut {
        captions = List.copyOf(captions);
        if (captions.isEmpty()) {
            throw new IllegalArgumentException("held-out picture " + name + " has no caption: give at least one");
        }
    }

    /** The first caption. */
    public String caption() {
        return captions.getFirst();
    }
}
