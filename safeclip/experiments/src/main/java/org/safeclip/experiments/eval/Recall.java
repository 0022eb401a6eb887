package org.safeclip.experiments.eval;

/**
 * Recall of a retrieval task: the share of queries with a correct result among the first 1, 5 and 10.
 *
 * @param at1 R@1
 * @param at5 R@5
 * @param at10 R@10
 */
public record Recall(Interval at1, Interval at5, Interval at10) {
    /** Computes the recall from the best rank of a correct result per query; rank 0 is the first. */
    static Recall of(int[] ranks) {
        return new Recall(Ranking.topK(ranks, 1), Ranking.topK(ranks, 5), Ranking.topK(ranks, 10));
    }
}
