package org.safeclip.selection;

import java.util.Arrays;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Scope;

/**
 * For every query the nearest rows of a pool that is divided into parts: the nearest one of each part other than the query's own,
 * and of these the best, nearest first.
 *
 * <p>Where parts are drawn at random, a list holds nearly the nearest rows of the whole pool, as two of a few nearest rows are
 * seldom in one of many parts. It costs one product of all queries with all rows, {@code 2·Q·N·D} operations by the backend's
 * kernel for nearest neighbours, which keeps no matrix of cosines: memory is that of the rows and the lists.
 *
 * @param keep entries of each list
 * @param rows rows of the pool, {@code [Q, keep]}; −1 where there are fewer parts
 * @param cosines cosines of query and row, {@code [Q, keep]}; −∞ where there is no row
 */
public record NearestLists(int keep, int[] rows, float[] cosines) {
    private static final int QUERIES = 2048;

    /**
     * Finds the lists.
     *
     * @param partOfQuery part of each query, which is not searched for it
     * @param partOfRow part of each row of the pool, from 0
     */
    @SuppressWarnings("try") // the scopes are there to be closed
    public static NearestLists of(
            Backend backend, FeatureRows queries, int[] partOfQuery, FeatureRows pool, int[] partOfRow, int keep) {
        int[][] members =
                Groups.members(partOfRow, Arrays.stream(partOfRow).max().orElse(-1) + 1);
        NearestLists lists = empty(queries.count(), keep);
        try (Scope all = backend.scope()) {
            NdArray[] parts = new NdArray[members.length];
            Arrays.setAll(parts, part -> rows(backend, pool, members[part]));
            int[] found = new int[QUERIES];
            for (int from = 0; from < queries.count(); from += QUERIES) {
                int count = Math.min(QUERIES, queries.count() - from);
                try (Scope block = backend.scope()) {
                    int width = queries.width();
                    NdArray asked = NdArray.of(backend, Shape.of(count, width), queries.values(), from * width);
                    for (int part = 0; part < parts.length; part++) {
                        if (members[part].length == 0) {
                            continue;
                        }
                        IntStorage nearest = asked.nearest(parts[part]);
                        nearest.read(found, 0, count);
                        for (int i = 0; i < count; i++) {
                            if (partOfQuery[from + i] != part) {
                                int row = members[part][found[i]];
                                lists.insert(from + i, row, queries.cosine(from + i, pool, row));
                            }
                        }
                    }
                }
            }
        }
        return lists;
    }

    private static NearestLists empty(int queries, int keep) {
        int[] rows = new int[queries * keep];
        float[] cosines = new float[queries * keep];
        Arrays.fill(rows, -1);
        Arrays.fill(cosines, Float.NEGATIVE_INFINITY);
        return new NearestLists(keep, rows, cosines);
    }

    private static NdArray rows(Backend backend, FeatureRows pool, int[] members) {
        int width = pool.width();
        float[] values = new float[members.length * width];
        for (int i = 0; i < members.length; i++) {
            System.arraycopy(pool.values(), members[i] * width, values, i * width, width);
        }
        return NdArray.of(backend, Shape.of(members.length, width), values);
    }

    /** Puts a row in its place in a list, unless the list holds better ones already. */
    private void insert(int query, int row, float cosine) {
        int first = query * keep;
        int at = first + keep - 1;
        if (!(cosine > cosines[at])) {
            return;
        }
        for (; at > first && cosine > cosines[at - 1]; at--) {
            cosines[at] = cosines[at - 1];
            rows[at] = rows[at - 1];
        }
        cosines[at] = cosine;
        rows[at] = row;
    }

    /** These lists and others of the same queries in one, each row once with its larger cosine. */
    public NearestLists with(NearestLists others) {
        NearestLists both = empty(rows.length / keep, keep);
        for (int query = 0; query < rows.length / keep; query++) {
            for (int place = 0; place < keep; place++) {
                int mine = row(query, place);
                if (mine >= 0 && cosine(query, place) >= others.cosineOf(query, mine)) {
                    both.insert(query, mine, cosine(query, place));
                }
                int theirs = others.row(query, place);
                if (theirs >= 0 && others.cosine(query, place) > cosineOf(query, theirs)) {
                    both.insert(query, theirs, others.cosine(query, place));
                }
            }
        }
        return both;
    }

    private float cosineOf(int query, int row) {
        for (int place = 0; place < keep; place++) {
            if (row(query, place) == row) {
                return cosine(query, place);
            }
        }
        return Float.NEGATIVE_INFINITY;
    }

    /** The row at a place (from 0) of a query's list, −1 for none. */
    public int row(int query, int place) {
        return rows[query * keep + place];
    }

    /** The cosine at a place (from 0) of a query's list. */
    public float cosine(int query, int place) {
        return cosines[query * keep + place];
    }
}
