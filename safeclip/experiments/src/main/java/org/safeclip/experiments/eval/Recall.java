package org.safeclip.experiments.eval;

/**
 * How often what was searched for was among the first 1, 5 and 10 found.
 *
 * @param at1 R@1
 * @param at5 R@5
 * @param at10 R@10
 */
public record Recall(Interval at1, Interval at5, Interval at10) {
    /** From the rank of what was searched for, 0 the first. */
    static Recall of(int[] ranks) {
        return new Recall(Ranking.topK(ranks, 1), Ranking.topK(ranks, 5), Ranking.topK(ranks, 10));
    }
}
