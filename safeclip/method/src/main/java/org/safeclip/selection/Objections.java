package org.safeclip.selection;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.safeclip.data.RandomKey;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;

/**
 * What a model says of pairs that it has not matched. {@link Agreement} sees pixels and words, so it turns down honest pairs whose
 * picture is drawn unlike the others of its kind, and lets in a crowd of near-duplicates that confirm each other. A model trained on
 * other pairs knows the kinds, and no pair that it scores can have confirmed itself.
 *
 * <p>The model objects to a pair with image embedding g and caption embedding t by
 *
 * <pre>
 * o(g, t) = max( share of the captions t' with cos(g, t') > cos(g, t),
 *                share of the images   g' with cos(g', t) > cos(g, t) )
 * </pre>
 *
 * taken over a jury of up to {@value #JURY} distinct captions and images of matched pairs, drawn at random. A single caption may be
 * near by chance, but an attack on a picture needs many. So what counts is the mean of o over all scored pairs with the same image, and
 * of these means the largest among the scored images that the model finds alike (cosine of at least a bound): near copies stand
 * or fall together. For the same reason it counts c / m times, where the image and its near copies among the scored ones (cosine of at
 * least a higher bound) have c pairs and an image has m in the median, if c > m: a picture that brings a crowd of captions has to
 * be more credible than others.
 *
 * <p>For A scored pairs with P images, and embeddings of width D, it costs {@code (4·JURY·A + 2·P²)·D} operations.
 */
final class Objections {
    private static final int JURY = 4096;
    private static final int BLOCK = 1 << 22; // cosines at a time

    private Objections() {}

    /**
     * How far the model objects to each scored pair, {@code [A]}, in [0, 1].
     *
     * @param features the model's embeddings
     * @param scored the pairs to score, none of which the model has matched
     * @param matched the pairs from which the jury is drawn
     * @param alike least cosine of images that are judged together
     * @param copies least cosine of images whose pairs are counted together
     */
    static double[] of(
            PairFeatures features,
            int[] scored,
            int[] matched,
            double alike,
            double copies,
            Backend backend,
            RandomKey key) {
        if (scored.length == 0 || matched.length == 0) {
            double[] all = new double[scored.length];
            Arrays.fill(all, 1);
            return all;
        }
        double[] single = single(features, scored, matched, backend, key);
        int[] images = Groups.at(features.imageOf(), scored);
        int[] distinct = Arrays.stream(images).sorted().distinct().toArray();
        int[] placeOf = Arrays.stream(images)
                .map(image -> Arrays.binarySearch(distinct, image))
                .toArray();
        double[] means = Groups.means(single, placeOf, distinct.length);
        double[] worst = means.clone();
        int[] pairs = new int[features.images().count()];
        IntStream.of(features.imageOf()).forEach(image -> pairs[image]++);
        int[] crowd = new int[distinct.length];
        FeatureRows rows = features.images().gathered(distinct);
        products(rows, rows, backend, (image, cosines, from) -> {
            for (int other = 0; other < distinct.length; other++) {
                if (cosines[from + other] >= alike) {
                    worst[image] = Math.max(worst[image], means[other]);
                }
                if (cosines[from + other] >= copies) {
                    crowd[image] += pairs[distinct[other]];
                }
            }
        });
        Arrays.sort(pairs);
        double usual = Math.max(1, pairs[pairs.length / 2]);
        return Arrays.stream(placeOf)
                .mapToDouble(place -> Math.min(1, worst[place] * Math.max(1, crowd[place] / usual)))
                .toArray();
    }

    /** o of each scored pair. */
    private static double[] single(PairFeatures features, int[] scored, int[] matched, Backend backend, RandomKey key) {
        FeatureRows images = features.images().gathered(Groups.at(features.imageOf(), scored));
        FeatureRows captions = features.captions().gathered(Groups.at(features.captionOf(), scored));
        FeatureRows otherCaptions =
                features.captions().gathered(jury(Groups.at(features.captionOf(), matched), key.fold("captions")));
        FeatureRows otherImages =
                features.images().gathered(jury(Groups.at(features.imageOf(), matched), key.fold("images")));
        double[] own = new double[scored.length];
        Arrays.setAll(own, i -> images.cosine(i, captions, i));
        double[] byCaptions = nearer(images, otherCaptions, own, backend);
        double[] byImages = nearer(captions, otherImages, own, backend);
        double[] objections = new double[scored.length];
        Arrays.setAll(objections, i -> Math.max(byCaptions[i], byImages[i]));
        return objections;
    }

    /** Distinct rows, drawn without replacement where there are more than the jury has seats. */
    private static int[] jury(int[] rows, RandomKey key) {
        int[] distinct = Arrays.stream(rows).distinct().toArray();
        return RandomKey.drawn(distinct, Math.min(JURY, distinct.length), key.random());
    }

    /** For each query the share of the jury whose cosine with it is larger than its own. */
    private static double[] nearer(FeatureRows queries, FeatureRows jury, double[] own, Backend backend) {
        double[] shares = new double[queries.count()];
        products(queries, jury, backend, (query, cosines, from) -> {
            int count = 0;
            for (int j = from; j < from + jury.count(); j++) {
                count += cosines[j] > own[query] ? 1 : 0;
            }
            shares[query] = (double) count / jury.count();
        });
        return shares;
    }

    /** Takes the cosines of one query with all rows of a pool, which begin at a place of an array. */
    @FunctionalInterface
    private interface RowOfCosines {
        void take(int query, float[] cosines, int from);
    }

    /** Computes the cosines of all queries with a pool, some queries at a time. */
    @SuppressWarnings("try") // the scopes are there to be closed
    private static void products(FeatureRows queries, FeatureRows pool, Backend backend, RowOfCosines taker) {
        int width = queries.width();
        int step = Math.max(1, BLOCK / pool.count());
        try (Scope all = backend.scope()) {
            NdArray rows = NdArray.of(backend, Shape.of(pool.count(), width), pool.values());
            for (int from = 0; from < queries.count(); from += step) {
                int count = Math.min(step, queries.count() - from);
                try (Scope block = backend.scope()) {
                    float[] cosines = NdArray.of(backend, Shape.of(count, width), queries.values(), from * width)
                            .matmulTransposed(rows) // [count, pool]
                            .toArray();
                    for (int i = 0; i < count; i++) {
                        taker.take(from + i, cosines, i * pool.count());
                    }
                }
            }
        }
    }
}
