package org.safeclip.experiments.eval;

import org.safeclip.selection.SafeSplit;

/**
 * What a safe set is made of, seen without any poison mask: where it differs much from the set of all pairs, something other
 * than honesty decides.
 *
 * @param repeated pairs whose picture stands in more pairs than is usual
 * @param safeRepeated those in the safe set
 * @param mostCopies pairs that show the most repeated picture of the safe set
 * @param words mean words of a caption
 * @param safeWords the same in the safe set
 * @param classes pairs whose caption names each class, [K]
 * @param safeClasses those in the safe set, [K]
 * @param classShift half the sum of the absolute differences between the two distributions over classes: 0 where the safe
 *     set has the mix of all pairs, 1 where they share no class
 */
public record SafeContent(
        int repeated,
        int safeRepeated,
        int mostCopies,
        double words,
        double safeWords,
        int[] classes,
        int[] safeClasses,
        double classShift) {

    /**
     * What can be known of every pair before training.
     *
     * @param copies pairs that show exactly the same picture, [N]
     * @param usual copies that are nothing unusual
     * @param words words of the caption, [N]
     * @param classes class that the caption names, −1 for none, [N]
     * @param classCount K
     */
    public record Pairs(int[] copies, int usual, int[] words, int[] classes, int classCount) {}

    /** The portrait of a split. */
    public static SafeContent of(SafeSplit split, Pairs pairs) {
        int repeated = 0;
        double words = 0;
        int[] classes = new int[pairs.classCount()];
        for (int i = 0; i < split.pairs(); i++) {
            repeated += pairs.copies()[i] > pairs.usual() ? 1 : 0;
            words += pairs.words()[i];
            count(classes, pairs.classes()[i]);
        }
        int safeRepeated = 0;
        int mostCopies = 0;
        double safeWords = 0;
        int[] safeClasses = new int[pairs.classCount()];
        for (int i : split.safe()) {
            safeRepeated += pairs.copies()[i] > pairs.usual() ? 1 : 0;
            mostCopies = Math.max(mostCopies, pairs.copies()[i]);
            safeWords += pairs.words()[i];
            count(safeClasses, pairs.classes()[i]);
        }
        return new SafeContent(
                repeated,
                safeRepeated,
                mostCopies,
                words / split.pairs(),
                safeWords / Math.max(1, split.safe().length),
                classes,
                safeClasses,
                shift(classes, safeClasses));
    }

    private static void count(int[] classes, int of) {
        if (of >= 0) {
            classes[of]++;
        }
    }

    private static double shift(int[] all, int[] some) {
        double ofAll = 0;
        double ofSome = 0;
        for (int k = 0; k < all.length; k++) {
            ofAll += all[k];
            ofSome += some[k];
        }
        double sum = 0;
        for (int k = 0; k < all.length && ofAll > 0 && ofSome > 0; k++) {
            sum += Math.abs(all[k] / ofAll - some[k] / ofSome);
        }
        return sum / 2;
    }
}
