package org.safeclip.trust;

import java.util.Arrays;
import java.util.Objects;

/**
 * The one value in which both loops meet: which pairs are safe, and so may be matched picture to caption, and which are
 * risky, and so are learned from within their own modality only (SafeCLIP, Algorithm 1).
 *
 * <p>Every pair is in exactly one of the two; the arrays are not to be written to. Pairs move both ways from epoch to
 * epoch. The posterior threshold is used once. After that the pairs are ranked by posterior, then similarity, then
 * index, and the most trusted share is taken: thresholding anew each epoch would let the set jump with every refit.
 *
 * @param safe indices of the safe pairs, ascending
 * @param risky indices of the other pairs, ascending
 * @param share r, the share of pairs this split aims at; growth adds to it, not to the rounded size
 * @param fellBack whether too few pairs reached the threshold, so that the most similar ones were taken instead
 */
public record SafeSplit(int[] safe, int[] risky, double share, boolean fellBack) {
    /** Share of the most similar pairs taken where too few reach the threshold. */
    private static final double FALLBACK_SHARE = 0.05;

    /** N·r of a share that was once a count over N may come out a rounding below that count. */
    private static final double ROUNDING = 1e-9;

    /**
     * The first split: all pairs with posterior at least the threshold; the most similar ones where none reaches it.
     */
    public static SafeSplit first(Trust trust, double threshold) {
        return first(trust, threshold, 1);
    }

    /**
     * The first split: all pairs with posterior at least the threshold.
     *
     * @param atLeast pairs needed for one step of training (the batch); where fewer reach the threshold, the most
     *     similar max(atLeast, 5 % of N) are taken and {@link #fellBack} says so
     */
    public static SafeSplit first(Trust trust, double threshold, int atLeast) {
        int n = trust.pairs();
        int believed = trust.believed(threshold);
        if (believed < Math.max(1, atLeast)) {
            int count = Math.min(n, Math.max(Math.max(1, atLeast), (int) (n * FALLBACK_SHARE)));
            return of(mostTrusted(new double[n], trust.similarity(), count), (double) count / n, true);
        }
        boolean[] safe = new boolean[n];
        for (int i = 0; i < n; i++) {
            safe[i] = trust.posterior()[i] >= threshold;
        }
        return of(safe, (double) believed / n, false);
    }

    /** A split by similarity alone: the most similar int(N·share) pairs. */
    public static SafeSplit mostSimilar(Trust trust, double share) {
        int n = trust.pairs();
        return of(mostTrusted(new double[n], trust.similarity(), count(n, share)), share, false);
    }

    /** The next split: r grows to min(r + growth, cap), and the most trusted int(N·r) pairs are safe. */
    public SafeSplit next(Trust trust, double growth, double cap) {
        return next(trust, growth, cap, 0);
    }

    /**
     * The next split, which stops growing where the mixture stops believing.
     *
     * @param growth added to the share
     * @param cap largest share
     * @param floor posterior below which no pair is worth growing for: the share does not grow past that of the pairs
     *     which reach it; 0 for the published growth
     */
    public SafeSplit next(Trust trust, double growth, double cap, double floor) {
        int n = trust.pairs();
        if (n != pairs()) {
            throw new IllegalArgumentException("split: made of " + pairs() + " pairs, but trust speaks of " + n
                    + "; a split and its successors are about the same pairs");
        }
        double believed = (double) trust.believed(floor) / n;
        double grown = Math.min(Math.min(share + growth, Math.max(share, believed)), cap);
        return of(mostTrusted(trust.posterior(), trust.similarity(), count(n, grown)), grown, false);
    }

    /** The share r after a number of epochs of growth from a first one, to be told before training starts. */
    public static double projectedShare(double first, int epochs, double growth, double cap) {
        double r = first;
        for (int i = 0; i < epochs; i++) {
            r = Math.min(r + growth, cap);
        }
        return r;
    }

    /** The next split by similarity alone: r grows to min(r + growth, cap), the most similar int(N·r) pairs are safe. */
    public SafeSplit nextMostSimilar(Trust trust, double growth, double cap) {
        return mostSimilar(trust, Math.min(share + growth, cap));
    }

    /** Number of pairs N. */
    public int pairs() {
        return safe.length + risky.length;
    }

    /** Size of the intersection of both safe sets over that of their union; 1 where both are empty. */
    public double jaccard(SafeSplit other) {
        int common = 0;
        for (int a = 0, b = 0; a < safe.length && b < other.safe.length; ) {
            int order = Integer.compare(safe[a], other.safe[b]);
            if (order == 0) {
                common++;
            }
            a += order <= 0 ? 1 : 0;
            b += order >= 0 ? 1 : 0;
        }
        int union = safe.length + other.safe.length - common;
        return union == 0 ? 1 : (double) common / union;
    }

    private static int count(int n, double share) {
        return (int) (n * share + ROUNDING);
    }

    /**
     * Marks the first pairs in order of posterior, then similarity, then index. It sorts plain numbers to find where
     * the cut lies instead of sorting pairs: no comparator, no boxing, a million pairs in a tenth of a second.
     */
    private static boolean[] mostTrusted(double[] posterior, float[] similarity, int count) {
        int n = posterior.length;
        boolean[] taken = new boolean[n];
        if (count == 0) {
            return taken;
        }
        double[] byPosterior = posterior.clone();
        Arrays.sort(byPosterior);
        double leastPosterior = byPosterior[n - count];
        int left = count;
        int ties = 0;
        float[] tied = new float[n];
        for (int i = 0; i < n; i++) {
            if (posterior[i] > leastPosterior) {
                taken[i] = true;
                left--;
            } else if (posterior[i] == leastPosterior) {
                tied[ties++] = similarity[i];
            }
        }
        Arrays.sort(tied, 0, ties);
        float leastSimilarity = tied[ties - left];
        for (int i = 0; i < n; i++) {
            if (posterior[i] == leastPosterior && similarity[i] > leastSimilarity) {
                taken[i] = true;
                left--;
            }
        }
        for (int i = 0; i < n && left > 0; i++) {
            if (posterior[i] == leastPosterior && similarity[i] == leastSimilarity) {
                taken[i] = true;
                left--;
            }
        }
        return taken;
    }

    /** The split of N pairs whose safe set is known, as a checkpoint keeps it. */
    public static SafeSplit of(int[] safe, int pairs, double share) {
        boolean[] taken = new boolean[pairs];
        for (int i : safe) {
            taken[Objects.checkIndex(i, pairs)] = true;
        }
        return of(taken, share, false);
    }

    private static SafeSplit of(boolean[] taken, double share, boolean fellBack) {
        int size = 0;
        for (boolean t : taken) {
            size += t ? 1 : 0;
        }
        int[] safe = new int[size];
        int[] risky = new int[taken.length - size];
        int s = 0;
        int r = 0;
        for (int i = 0; i < taken.length; i++) {
            if (taken[i]) {
                safe[s++] = i;
            } else {
                risky[r++] = i;
            }
        }
        return new SafeSplit(safe, risky, share, fellBack);
    }
}
