package org.safeclip.experiments.eval;

/**
 * Top-k accuracy: the share of inputs whose correct class is among the first 1, 3, 5 and 10.
 *
 * @param top1 correct class is first (accuracy)
 * @param top3 correct class is among the first three
 * @param top5 correct class is among the first five
 * @param top10 correct class is among the first ten
 */
public record TopK(Interval top1, Interval top3, Interval top5, Interval top10) {
    /** Computes the accuracies from the rank of the correct class of every input; rank 0 is the first. */
    public static TopK of(int[] ranks) {
        return new TopK(
                Ranking.topK(ranks, 1), Ranking.topK(ranks, 3), Ranking.topK(ranks, 5), Ranking.topK(ranks, 10));
    }
}
