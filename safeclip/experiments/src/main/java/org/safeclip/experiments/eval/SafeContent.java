package org.safeclip.experiments.eval;

import org.safeclip.selection.SafeSplit;

/**
 * The composition of a safe set, described without the poison mask. If it differs much from all pairs, the split depends on
 * something other than poisons.
 *
 * @param repeated pairs whose image occurs in more pairs than usual
 * @param safeRepeated such pairs in the safe set
 * @param mostCopies pairs with the most repeated image of the safe set
 * @param words mean number of words in a caption, all pairs
 * @param safeWords mean number of words in a caption, safe set
 * @param classes pairs whose caption names each class, {@code [K]}
 * @param safeClasses safe pairs whose caption names each class, {@code [K]}
 * @param classShift total variation distance of the class distributions of the safe set and all pairs: 0 if they are equal, 1 if
 *     they share no class
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
     * Properties of every pair that are known before training.
     *
     * @param copies pairs with exactly this image, {@code [N]}
     * @param usual usual number of pairs per image
     * @param words words of the caption, {@code [N]}
     * @param classes class that the caption names, −1 for none, {@code [N]}
     * @param classCount K, number of classes
     */
    public record Pairs(int[] copies, int usual, int[] words, int[] classes, int classCount) {}

    /** Describes the safe set of a split. */
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
