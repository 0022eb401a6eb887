package org.safeclip.experiments.eval;

/**
 * How often the right answer was among the first 1, 3, 5 and 10.
 *
 * @param top1 was the first: accuracy
 * @param top3 was among the first three
 * @param top5 was among the first five
 * @param top10 was among the first ten
 */
public record TopK(Interval top1, Interval top3, Interval top5, Interval top10) {
    /** From the rank of the right answer to every question, 0 the first. */
    public static TopK of(int[] ranks) {
        return new TopK(
                Ranking.topK(ranks, 1), Ranking.topK(ranks, 3), Ranking.topK(ranks, 5), Ranking.topK(ranks, 10));
    }
}
