package org.safeclip.selection;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The only value that both loops exchange: which pairs are safe, so that image and caption may be matched, and which are risky,
 * so that training uses each modality on its own (SafeCLIP, Algorithm 1).
 *
 * <p>Every pair is in exactly one of the two; the arrays must not be written to. Pairs may move both ways from epoch to epoch. The
 * posterior threshold is used once. After that the pairs are ranked by posterior, then similarity, then index, and the best share
 * is taken: a threshold in each epoch would let the set jump with every fit.
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

    /** The first split: all pairs with posterior at least the threshold; the most similar 5 % where none reaches it. */
    public static SafeSplit first(PairScores scores, double threshold) {
        return first(scores, threshold, 1);
    }

    /**
     * The first split: all pairs with posterior at least the threshold.
     *
     * @param atLeast pairs needed for one step of training (the batch); where fewer reach the threshold, the most
     *     similar max(atLeast, 5 % of N) are taken and {@link #fellBack} says so
     */
    public static SafeSplit first(PairScores scores, double threshold, int atLeast) {
        int n = scores.pairs();
        int reaching = scores.countAbove(threshold);
        if (reaching < Math.max(1, atLeast)) {
            int count = Math.min(n, Math.max(Math.max(1, atLeast), (int) (n * FALLBACK_SHARE)));
            return of(best(new double[n], scores.similarity(), count), (double) count / n, true);
        }
        boolean[] safe = new boolean[n];
        for (int i = 0; i < n; i++) {
            safe[i] = scores.posterior()[i] >= threshold;
        }
        return of(safe, (double) reaching / n, false);
    }

    /** A split by similarity alone: the most similar int(N·share) pairs. */
    public static SafeSplit mostSimilar(PairScores scores, double share) {
        int n = scores.pairs();
        return of(best(new double[n], scores.similarity(), count(n, share)), share, false);
    }

    /** A split by any score: the int(N·share) pairs with the largest one. */
    public static SafeSplit best(double[] score, double share) {
        return of(best(score, new float[score.length], count(score.length, share)), share, false);
    }

    /** The next split: r grows to min(r + growth, cap), and the best int(N·r) pairs are safe. */
    public SafeSplit next(PairScores scores, double growth, double cap) {
        return next(scores, growth, cap, 0);
    }

    /**
     * The next split: r grows as far as the mixture gives the pairs some probability of being honest.
     *
     * @param growth added to the share
     * @param cap largest share
     * @param floor posterior that a pair needs for the set to grow because of it: the share does not grow past that of the pairs
     *     which reach it; 0 for the published growth
     */
    public SafeSplit next(PairScores scores, double growth, double cap, double floor) {
        int n = scores.pairs();
        if (n != pairs()) {
            throw new IllegalArgumentException("split: made of " + pairs() + " pairs, but the scores are of " + n
                    + "; a split and its successors are about the same pairs");
        }
        double reaching = (double) scores.countAbove(floor) / n;
        double grown = Math.min(Math.min(share + growth, Math.max(share, reaching)), cap);
        return of(best(scores.posterior(), scores.similarity(), count(n, grown)), grown, false);
    }

    /**
     * The growth of the safe set in words.
     *
     * @param first the first share in words
     * @param firstShare as a number
     */
    public static String forecast(String first, double firstShare, int splits, double growth, double cap) {
        return String.format(
                Locale.ROOT,
                "safe set: %s, +%.0f %% of the pairs an epoch up to %.0f %%; %.0f %% in the last epoch",
                first,
                100 * growth,
                100 * cap,
                100 * projectedShare(firstShare, splits - 1, growth, cap));
    }

    /** The share r after a number of epochs of growth from a first one, as a forecast before training starts. */
    public static double projectedShare(double first, int epochs, double growth, double cap) {
        double r = first;
        for (int i = 0; i < epochs; i++) {
            r = Math.min(r + growth, cap);
        }
        return r;
    }

    /** The next split by similarity alone: r grows to min(r + growth, cap), the most similar int(N·r) pairs are safe. */
    public SafeSplit nextMostSimilar(PairScores scores, double growth, double cap) {
        return mostSimilar(scores, Math.min(share + growth, cap));
    }

    /** This split with some of the risky pairs in the safe set as well. */
    public SafeSplit with(int... more) {
        int[] both = IntStream.concat(IntStream.of(safe), IntStream.of(more)).toArray();
        return of(both, pairs(), (double) both.length / pairs());
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
    private static boolean[] best(double[] posterior, float[] similarity, int count) {
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
