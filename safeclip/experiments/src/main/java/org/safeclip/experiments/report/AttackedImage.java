package org.safeclip.experiments.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An image of the attack's test set with the predictions for it.
 *
 * @param pixels 8-bit RGB, {@code [side, side, 3]}
 * @param side width and height in pixels
 * @param truth what it shows
 * @param adversarial class that the attacker wants
 * @param predictions predicted class by method, in the order of the methods
 */
public record AttackedImage(
        byte[] pixels, int side, String truth, String adversarial, Map<String, String> predictions) {

    /**
     * Copies the predictions.
     *
     * @throws IllegalArgumentException if the number of bytes is wrong
     */
    public AttackedImage {
        if (pixels.length != 3 * side * side) {
            throw new IllegalArgumentException("attacked image of " + truth + ": " + pixels.length
                    + " bytes, expected 3 · " + side + " · " + side);
        }
        predictions = Collections.unmodifiableMap(new LinkedHashMap<>(predictions));
    }
}
