package org.safeclip.selection;

import java.util.Arrays;

/** Rows in groups: {@code groupOf} has the group of each row, numbered from 0. */
final class Groups {
    private Groups() {}

    /** The rows of each group, ascending. */
    static int[][] members(int[] groupOf, int groups) {
        int[] sizes = new int[groups];
        for (int group : groupOf) {
            sizes[group]++;
        }
        int[][] members = new int[groups][];
        Arrays.setAll(members, group -> new int[sizes[group]]);
        int[] filled = new int[groups];
        for (int row = 0; row < groupOf.length; row++) {
            int group = groupOf[row];
            members[group][filled[group]++] = row;
        }
        return members;
    }

    /** The value at each of some places. */
    static int[] at(int[] values, int[] places) {
        return Arrays.stream(places).map(place -> values[place]).toArray();
    }

    /** Mean of the values of each group; 0 where it is empty. */
    static double[] means(double[] values, int[] groupOf, int groups) {
        double[] sums = new double[groups];
        int[] sizes = new int[groups];
        for (int row = 0; row < groupOf.length; row++) {
            sums[groupOf[row]] += values[row];
            sizes[groupOf[row]]++;
        }
        for (int group = 0; group < groups; group++) {
            sums[group] /= Math.max(1, sizes[group]);
        }
        return sums;
    }

    /** Groups such that any row and the rows in its list with at least this cosine are in one group. */
    static int[] linked(NearestLists lists, float atLeast) {
        int rows = lists.rows().length / lists.keep();
        int[] leader = new int[rows];
        Arrays.setAll(leader, row -> row);
        for (int row = 0; row < rows; row++) {
            for (int place = 0; place < lists.keep() && lists.cosine(row, place) >= atLeast; place++) {
                int a = leader(leader, row);
                int b = leader(leader, lists.row(row, place));
                leader[Math.max(a, b)] = Math.min(a, b);
            }
        }
        int groups = 0;
        int[] groupOf = new int[rows];
        for (int row = 0; row < rows; row++) {
            int first = leader(leader, row);
            groupOf[row] = first == row ? groups++ : groupOf[first];
        }
        return groupOf;
    }

    private static int leader(int[] leader, int row) {
        int at = row;
        while (leader[at] != at) {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        return at;
    }

    /** Rank of each value as a share in (0, 1], equal values with their mean rank. */
    static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[values.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = (below(sorted, values[i], false) + below(sorted, values[i], true) + 1) / (2.0 * ranks.length);
        }
        return ranks;
    }

    /** How many sorted values lie below a value, or are equal to it as well. */
    private static int below(double[] sorted, double value, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
