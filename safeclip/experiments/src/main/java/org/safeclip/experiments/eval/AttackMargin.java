package org.safeclip.experiments.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackTestSet;

/**
 * How near a model is to what the attacker wants: the score of the wanted class minus that of the best other class, for every
 * attacked input ({@link Ranking#margins}). An attack succeeds on the input where this is positive. With 16 targets a success rate
 * moves in steps of 6 points; the margin also tells apart models that are fooled on equally many.
 *
 * @param mean mean over the inputs
 * @param targets margin of every target image, in order; empty for an attack with a trigger, whose inputs are many
 */
public record AttackMargin(double mean, List<Double> targets) {
    /** Copies the list. */
    public AttackMargin {
        targets = List.copyOf(targets);
    }

    /**
     * The margins on a test set.
     *
     * @param scores score of every class for each input, {@code [inputs, classes]} row by row
     * @return null if there is no other class
     */
    static @Nullable AttackMargin of(float[] scores, int classes, AttackTestSet test) {
        if (classes < 2) {
            return null;
        }
        float[] margins = Ranking.margins(scores, classes, test.wanted());
        double[] each =
                IntStream.range(0, margins.length).mapToDouble(i -> margins[i]).toArray();
        List<Double> targets =
                test.withoutTrigger() == null ? Arrays.stream(each).boxed().toList() : List.of();
        return new AttackMargin(Arrays.stream(each).average().orElseThrow(), targets);
    }
}
