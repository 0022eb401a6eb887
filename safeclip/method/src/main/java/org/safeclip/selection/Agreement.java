package org.safeclip.selection;

import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.safeclip.data.RandomKey;
import org.safeclip.tensor.backend.Backend;

/**
 * How far other pairs confirm each of N pairs. It is an extension of SafeCLIP, not a part of the paper: a pair's own similarity
 * rises once the pair is trained on, so a poison that was let in confirms itself, but it cannot change what others say. Agreement is
 * computed once, before anything is trained on pairs, from images and captions alone.
 *
 * <p>Images that are equal up to a few levels ({@link AgreementSettings#copies}) count as one picture, mirrored or not, and a
 * picture never supports itself. The support of a pair with picture g and caption t are the nearest pictures and the pairs with
 * the nearest captions ({@link NearestLists}):
 *
 * <pre>
 * p = Σ idf(a) of the words a of t in captions of the 4 pictures nearest to g  /  Σ idf(a) of all words of t
 * c = mean of the 3 largest cosines of g with the pictures of the 8 nearest captions
 * b = rank(rank p + rank c)
 * </pre>
 *
 * p looks at the captions of similar pictures, c at the pictures of similar captions. A single pair may be unlucky, or a
 * poison lucky; an attack, however, has many pairs with something in common. So v takes the means over what they share:
 *
 * <pre>
 * m = mean of b over all pairs with the picture               low where one picture has many unrelated captions
 * n = mean of c over the picture and the 4 nearest to it      low where a crowd of near-duplicates has such captions
 * w = min over the words a of t of the mean, over all captions with a, of p without a
 *                                                             low where a word comes with captions that pictures deny
 * v = min(rank m, 2 rank c, 2 rank n, 2 rank w)
 * </pre>
 *
 * A mean over few captions says little, so that of w is drawn to the mean of all words by {@link AgreementSettings#prior} pairs.
 * The minimum lets no part outvote another; the factor 2 cuts half as many pairs for c, n and w as for m.
 *
 * @param wordSupport p, {@code [N]}, in [0, 1]
 * @param imageSupport c, {@code [N]}, in [-1, 1]
 * @param pictureMean m, {@code [N]}
 * @param neighbourhoodMean n, {@code [N]}
 * @param weakestWord w, {@code [N]}
 * @param score v, {@code [N]}; larger where others confirm the pair
 */
public record Agreement(
        double[] wordSupport,
        double[] imageSupport,
        double[] pictureMean,
        double[] neighbourhoodMean,
        double[] weakestWord,
        double[] score) {
    private static final int KEEP = 16;

    /**
     * Computes the agreement of every pair with the others.
     *
     * @param backend computes the products
     * @param key draws the parts of the lists
     */
    public static Agreement of(PairFeatures features, AgreementSettings settings, Backend backend, RandomKey key) {
        Pictures pictures = Pictures.of(features, settings, backend, key);
        boolean[][] confirmed = confirmedWords(features, pictures.nearest(), settings.pictures());
        double[] p = wordSupport(features.words(), confirmed);
        double[] c = imageSupport(features, pictures, settings, backend);
        double[] both = sum(Groups.ranks(p), Groups.ranks(c));
        double[] m = over(Groups.means(Groups.ranks(both), pictures.groupOfPair(), pictures.groups()), pictures);
        double[] n = neighbourhoodMean(features, c, pictures, settings.pictures());
        double[] w = weakestWord(features.words(), confirmed, settings.prior());
        return new Agreement(p, c, m, n, w, least(m, c, n, w));
    }

    /** The distinct images in groups of near copies, the part of each group, and the nearest images of other parts. */
    private record Pictures(
            int[] groupOfImage,
            int[] groupOfPair,
            int groups,
            int[] partOfImage,
            int[] partOfPair,
            NearestLists nearest) {

        static Pictures of(PairFeatures features, AgreementSettings settings, Backend backend, RandomKey key) {
            FeatureRows images = features.images();
            int[] alone = new int[images.count()];
            Arrays.setAll(alone, image -> image);
            int[] groupOf = Groups.linked(
                    nearest(features, drawn(alone, images.count(), settings, key.fold("copies")), backend),
                    (float) settings.copies());
            int groups = Arrays.stream(groupOf).max().orElse(-1) + 1;
            int[] parts = drawn(groupOf, groups, settings, key.fold("witnesses"));
            return new Pictures(
                    groupOf,
                    Groups.at(groupOf, features.imageOf()),
                    groups,
                    parts,
                    Groups.at(parts, features.imageOf()),
                    nearest(features, parts, backend));
        }

        private static NearestLists nearest(PairFeatures features, int[] parts, Backend backend) {
            FeatureRows images = features.images();
            NearestLists plain = NearestLists.of(backend, images, parts, images, parts, KEEP);
            FeatureRows mirrored = features.mirrored();
            return mirrored == null
                    ? plain
                    : plain.with(NearestLists.of(backend, mirrored, parts, images, parts, KEEP));
        }

        private static int[] drawn(int[] groupOf, int groups, AgreementSettings settings, RandomKey key) {
            SplittableRandom random = key.random();
            int[] parts = random.ints(groups, 0, settings.parts()).toArray();
            return Groups.at(parts, groupOf);
        }
    }

    /** For every pair which of its words are in captions of the nearest pictures. */
    private static boolean[][] confirmedWords(PairFeatures features, NearestLists nearest, int pictures) {
        int[][] pairsOf = features.pairsOfImages();
        int[][] words = features.words().words();
        boolean[][] confirmed = new boolean[words.length][];
        IntOpenHashSet found = new IntOpenHashSet();
        for (int image = 0; image < pairsOf.length; image++) {
            found.clear();
            for (int place = 0; place < pictures && nearest.row(image, place) >= 0; place++) {
                for (int other : pairsOf[nearest.row(image, place)]) {
                    for (int word : words[other]) {
                        found.add(word);
                    }
                }
            }
            for (int pair : pairsOf[image]) {
                boolean[] known = new boolean[words[pair].length];
                for (int i = 0; i < known.length; i++) {
                    known[i] = found.contains(words[pair][i]);
                }
                confirmed[pair] = known;
            }
        }
        return confirmed;
    }

    /** p: the weighted share of the words that are confirmed. */
    private static double[] wordSupport(CaptionWords words, boolean[][] confirmed) {
        double[] shares = new double[confirmed.length];
        for (int pair = 0; pair < shares.length; pair++) {
            double all = words.weight(pair);
            shares[pair] = all > 0 ? confirmedWeight(words, confirmed, pair) / all : 0;
        }
        return shares;
    }

    private static double confirmedWeight(CaptionWords words, boolean[][] confirmed, int pair) {
        double sum = 0;
        for (int i = 0; i < confirmed[pair].length; i++) {
            sum += confirmed[pair][i] ? words.weights()[words.words()[pair][i]] : 0;
        }
        return sum;
    }

    /** c: the mean of the largest cosines of a pair's picture with those of the nearest captions. */
    private static double[] imageSupport(
            PairFeatures features, Pictures pictures, AgreementSettings settings, Backend backend) {
        FeatureRows captions = features.captions();
        int pairs = features.pairs();
        int[] partOfCaption = new int[captions.count()];
        Arrays.fill(partOfCaption, -1); // a caption of several pictures has no part of its own
        CaptionPool pool = CaptionPool.of(features, pictures.partOfPair());
        NearestLists nearest =
                NearestLists.of(backend, captions, partOfCaption, pool.rows(), pool.partOf(), settings.captions() + 1);
        double[] support = new double[pairs];
        float[] cosines = new float[settings.captions()];
        for (int pair = 0; pair < pairs; pair++) {
            int used = 0;
            for (int place = 0; place < nearest.keep() && used < cosines.length; place++) {
                int row = nearest.row(features.captionOf()[pair], place);
                if (row >= 0 && pool.partOf()[row] != pictures.partOfPair()[pair]) {
                    int other = features.imageOf()[pool.pairOf()[row]];
                    cosines[used++] = features.images().cosine(features.imageOf()[pair], other);
                }
            }
            Arrays.sort(cosines, 0, used);
            int best = Math.min(settings.best(), used);
            for (int i = used - best; i < used; i++) {
                support[pair] += cosines[i] / best;
            }
        }
        return support;
    }

    /** The distinct captions of each part, with the first pair that has one. */
    private record CaptionPool(FeatureRows rows, int[] partOf, int[] pairOf) {
        static CaptionPool of(PairFeatures features, int[] partOfPair) {
            LongOpenHashSet seen = new LongOpenHashSet();
            int[] pairOf = IntStream.range(0, features.pairs())
                    .filter(pair -> seen.add((long) partOfPair[pair] << 32 | features.captionOf()[pair]))
                    .toArray();
            int width = features.captions().width();
            float[] rows = new float[Math.multiplyExact(pairOf.length, width)];
            for (int i = 0; i < pairOf.length; i++) {
                System.arraycopy(
                        features.captions().values(), features.captionOf()[pairOf[i]] * width, rows, i * width, width);
            }
            return new CaptionPool(new FeatureRows(rows, width), Groups.at(partOfPair, pairOf), pairOf);
        }
    }

    /** n: the mean of c over a picture and those nearest to it. */
    private static double[] neighbourhoodMean(PairFeatures features, double[] c, Pictures pictures, int near) {
        double[] mean = Groups.means(c, pictures.groupOfPair(), pictures.groups());
        int[] group = pictures.groupOfImage();
        double[] crowd = new double[group.length];
        for (int image = 0; image < crowd.length; image++) {
            double sum = mean[group[image]];
            int count = 1;
            for (int place = 0; place < near && pictures.nearest().row(image, place) >= 0; place++) {
                sum += mean[group[pictures.nearest().row(image, place)]];
                count++;
            }
            crowd[image] = sum / count;
        }
        double[] n = new double[c.length];
        Arrays.setAll(n, pair -> crowd[features.imageOf()[pair]]);
        return n;
    }

    /** w: the least confirmed word of each caption. */
    private static double[] weakestWord(CaptionWords words, boolean[][] confirmed, double prior) {
        double[] sums = new double[words.counts().length];
        int[] counts = new int[sums.length];
        double total = 0;
        long mentions = 0;
        for (int pair = 0; pair < confirmed.length; pair++) {
            double all = words.weight(pair);
            double weight = confirmedWeight(words, confirmed, pair);
            for (int i = 0; i < confirmed[pair].length; i++) {
                int word = words.words()[pair][i];
                double own = words.weights()[word];
                double others = all - own;
                if (others > 1e-9) {
                    double share = (weight - (confirmed[pair][i] ? own : 0)) / others;
                    sums[word] += share;
                    counts[word]++;
                    total += share;
                    mentions++;
                }
            }
        }
        double usual = mentions == 0 ? 0 : total / mentions;
        double[] least = new double[confirmed.length];
        for (int pair = 0; pair < least.length; pair++) {
            least[pair] = usual;
            for (int word : words.words()[pair]) {
                double mean = (sums[word] + prior * usual) / (counts[word] + prior);
                least[pair] = Math.min(least[pair], mean);
            }
        }
        return least;
    }

    private static double[] over(double[] means, Pictures pictures) {
        double[] m = new double[pictures.groupOfPair().length];
        Arrays.setAll(m, pair -> means[pictures.groupOfPair()[pair]]);
        return m;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    /** v: the least of the ranks, those other than of m doubled. */
    private static double[] least(double[] m, double[]... others) {
        double[] v = Groups.ranks(m);
        for (double[] other : others) {
            double[] ranks = Groups.ranks(other);
            Arrays.setAll(v, i -> Math.min(v[i], 2 * ranks[i]));
        }
        return v;
    }
}
