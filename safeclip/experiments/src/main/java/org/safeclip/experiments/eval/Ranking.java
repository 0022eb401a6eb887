package org.safeclip.experiments.eval;

import java.util.Arrays;
import java.util.List;

/**
 * Ranks candidates by score, highest first; of equal scores the smaller index comes first.
 *
 * <p>Scores are row-major with one row per query and one column per candidate. Rank 0 is the best.
 */
public final class Ranking {
    private Ranking() {}

    /** The rank of the correct column in each row. */
    public static int[] ranks(float[] scores, int columns, int[] answer) {
        requireRows(scores, columns, answer.length);
        int[] ranks = new int[answer.length];
        for (int row = 0; row < ranks.length; row++) {
            ranks[row] = rank(scores, row * columns, columns, answer[row]);
        }
        return ranks;
    }

    /** The column with the highest score in each row. */
    public static int[] best(float[] scores, int columns) {
        requireRows(scores, columns, scores.length / columns);
        int[] best = new int[scores.length / columns];
        for (int row = 0; row < best.length; row++) {
            int at = row * columns;
            for (int c = 1; c < columns; c++) {
                if (scores[at + c] > scores[at + best[row]]) {
                    best[row] = c;
                }
            }
        }
        return best;
    }

    /**
     * The score of the correct column of each row minus the highest of the others: positive where it comes first, however close.
     *
     * @throws IllegalArgumentException if there is no other column
     */
    public static float[] margins(float[] scores, int columns, int[] answer) {
        requireRows(scores, columns, answer.length);
        if (columns < 2) {
            throw new IllegalArgumentException("ranking: 1 candidate; a margin needs another one to compare with");
        }
        float[] margins = new float[answer.length];
        for (int row = 0; row < margins.length; row++) {
            int at = row * columns;
            float best = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < columns; c++) {
                best = c == answer[row] ? best : Math.max(best, scores[at + c]);
            }
            margins[row] = scores[at + answer[row]] - best;
        }
        return margins;
    }

    /** The k columns with the highest scores in one row, best first. */
    public static int[] top(float[] scores, int row, int columns, int k) {
        int[] top = new int[Math.min(k, columns)];
        int at = row * columns;
        int size = 0;
        for (int c = 0; c < columns; c++) {
            int place = size;
            while (place > 0 && scores[at + c] > scores[at + top[place - 1]]) {
                place--;
            }
            if (place < top.length) {
                size = Math.min(size + 1, top.length);
                System.arraycopy(top, place, top, place + 1, size - place - 1);
                top[place] = c;
            }
        }
        return top;
    }

    /**
     * The share of ranks below k with its interval: top-k accuracy, or recall at k.
     *
     * @throws IllegalArgumentException if there are no ranks
     */
    public static Interval topK(int[] ranks, int k) {
        if (ranks.length == 0) {
            throw new IllegalArgumentException("top-k: no ranks; a share needs at least one query");
        }
        int hits = (int) Arrays.stream(ranks).filter(rank -> rank < k).count();
        return Interval.clopperPearson(hits, ranks.length, Interval.LEVEL);
    }

    /** The best rank of several correct columns in each row. */
    public static int[] bestRanks(float[] scores, int columns, List<int[]> answers) {
        requireRows(scores, columns, answers.size());
        int[] ranks = new int[answers.size()];
        for (int row = 0; row < ranks.length; row++) {
            ranks[row] = columns;
            for (int answer : answers.get(row)) {
                ranks[row] = Math.min(ranks[row], rank(scores, row * columns, columns, answer));
            }
        }
        return ranks;
    }

    private static int rank(float[] scores, int at, int columns, int answer) {
        float own = scores[at + answer];
        int rank = 0;
        for (int c = 0; c < columns; c++) {
            float other = scores[at + c];
            if (other > own || (other == own && c < answer)) {
                rank++;
            }
        }
        return rank;
    }

    private static void requireRows(float[] scores, int columns, int rows) {
        if (columns < 1 || (long) rows * columns != scores.length) {
            throw new IllegalArgumentException(
                    "ranking: " + scores.length + " scores, expected " + rows + " rows of " + columns + " candidates");
        }
    }
}
