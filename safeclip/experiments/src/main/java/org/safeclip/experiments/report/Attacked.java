package org.safeclip.experiments.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A picture the attack was aimed at, and what became of it.
 *
 * @param pixels red, green and blue bytes, row by row, [side, side, 3]
 * @param side width and height
 * @param truth what it shows
 * @param adversarial what the attacker wants it to be called
 * @param calledBy what each method calls it, in the order of the methods
 */
public record Attacked(byte[] pixels, int side, String truth, String adversarial, Map<String, String> calledBy) {

    /** Checks the size of the picture and copies the names. */
    public Attacked {
        if (pixels.length != 3 * side * side) {
            throw new IllegalArgumentException("attacked picture of " + truth + ": " + pixels.length
                    + " bytes, expected 3 · " + side + " · " + side);
        }
        calledBy = Collections.unmodifiableMap(new LinkedHashMap<>(calledBy));
    }
}
