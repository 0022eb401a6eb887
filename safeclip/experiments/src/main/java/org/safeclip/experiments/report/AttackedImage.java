package org.safeclip.experiments.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image of the attack's test set with the predictions for it.
 *
 * @param pixels 8-bit RGB, {@code [side, side, 3]}
 * @param truth what it shows
 * @param adversarial class that the attacker wants
 * @param captions false captions with which training saw exactly this image; empty if it saw others
 * @param predictions answer by method, in the order of the methods; empty before the models are trained
 */
public record AttackedImage(
        byte[] pixels, String truth, String adversarial, List<String> captions, Map<String, Answer> predictions) {

    /**
     * What a model says.
     *
     * @param name predicted class
     * @param kind whether that is what the attacker wants, the truth, or neither
     */
    public record Answer(String name, Kind kind) {}

    /** How right an answer is. */
    public enum Kind {
        /** What the attacker wants. */
        FOOLED,
        /** The true class. */
        RIGHT,
        /** Neither. */
        WRONG
    }

    /** Copies captions and predictions. */
    public AttackedImage {
        captions = List.copyOf(captions);
        predictions = Collections.unmodifiableMap(new LinkedHashMap<>(predictions));
    }
}
