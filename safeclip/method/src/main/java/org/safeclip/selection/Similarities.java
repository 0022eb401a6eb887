package org.safeclip.selection;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.data.Prefetch;
import org.safeclip.data.RandomKey;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.Shard;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;

/** The similarity of image and caption of every pair: the cosine of their embeddings (SafeCLIP section 4.2). */
public final class Similarities {
    private static final int BATCH = 256;

    private Similarities() {}

    /**
     * c_i = cos(I_i, T_i) for all N pairs without augmentation; several processes each score a part of them. Pairs that share an
     * image are scored together, so that it is embedded once: where images have several captions, embedding the images is most of
     * the work.
     */
    public static float[] ofPlainPairs(ClipModel model, Augmentation augmentation) {
        ClipModel constant = Module.detached(model);
        int[] first = augmentation.pairs().firstShown();
        int[] order = byFirst(first);
        Shard shard = new Shard(augmentation.processes(), order.length, BATCH);
        int[] own = shard.of(order);
        float[] found = new float[own.length];
        List<int[]> groups = IntStream.iterate(0, from -> from < own.length, from -> from + BATCH)
                .mapToObj(from -> Arrays.copyOfRange(own, from, Math.min(from + BATCH, own.length)))
                .toList();
        long batchBytes = (long) BATCH * augmentation.imageNumbers() * Float.BYTES;
        int threads = Prefetch.threads(model.backend().sharesHost(), batchBytes);
        try (Prefetch<int[], Shown> batches =
                new Prefetch<>(groups, threads, captionsOf -> shown(augmentation, captionsOf, first))) {
            for (int i = 0; i < groups.size(); i++) {
                Shown shown = batches.next();
                float[] cosines = cosines(constant, shown.batch(), shown.rows());
                System.arraycopy(cosines, 0, found, i * BATCH, cosines.length);
            }
        }
        float[] inOrder = shard.gather(found);
        float[] similarities = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            similarities[order[i]] = inOrder[i];
        }
        return similarities;
    }

    /** The pairs in the order of the pairs that show their image first, then in their own. */
    private static int[] byFirst(int... first) {
        long[] keys = new long[first.length];
        for (int pair = 0; pair < keys.length; pair++) {
            keys[pair] = (long) first[pair] << 32 | pair;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** A batch of captions and the images they need, and the row of each caption's image. */
    private record Shown(Batch batch, int[] rows) {}

    private static Shown shown(Augmentation augmentation, int[] captionsOf, int[] first) {
        int[] imagesOf =
                Arrays.stream(captionsOf).map(pair -> first[pair]).distinct().toArray();
        int[] rows = Arrays.stream(captionsOf)
                .map(pair -> Arrays.binarySearch(imagesOf, first[pair]))
                .toArray();
        return new Shown(augmentation.plain(imagesOf, captionsOf), rows);
    }

    /**
     * The mean of c_i over random weak views, which differ from epoch to epoch; several processes each score a part of the pairs.
     *
     * @param draws views to average, at least 1
     */
    public static float[] ofViews(ClipModel model, Augmentation augmentation, int epoch, int draws) {
        ClipModel constant = Module.detached(model);
        Augmentation whole = augmentation.among(Communicator.alone());
        Shard shard = new Shard(augmentation.processes(), augmentation.pairs().size(), BATCH);
        float[] found = new float[shard.count()];
        for (int from = 0; from < found.length; from += BATCH) {
            int[] pairs = IntStream.range(shard.from() + from, shard.from() + Math.min(from + BATCH, found.length))
                    .toArray();
            int[] rows = IntStream.range(0, pairs.length).toArray();
            for (int draw = 0; draw < draws; draw++) {
                float[] cosines = cosines(
                        constant,
                        whole.views(pairs, RandomKey.scoring(epoch, draws, draw), 1, Augmentation.Strength.WEAK),
                        rows);
                for (int i = 0; i < pairs.length; i++) {
                    found[from + i] += cosines[i] / draws;
                }
            }
        }
        return shard.gather(found);
    }

    /** The cosine of every caption with the image whose row {@code rows} gives. */
    @SuppressWarnings("try") // the scope is there to be closed
    private static float[] cosines(ClipModel model, Batch batch, int[] rows) {
        Backend backend = model.backend();
        int count = batch.images().length / (3 * batch.imageSize() * batch.imageSize());
        try (Scope scope = backend.scope(Precision.FLOAT32)) { // whatever the precision of training
            IntStorage ids = backend.allocateInts(rows.length);
            ids.write(rows, 0, rows.length);
            NdArray images = model.embedImages(batch.images(), count, batch.imageSize(), Mode.EVALUATION)
                    .value();
            NdArray texts = model.embedTexts(new Tokens(batch.size(), batch.length(), batch.tokens()))
                    .value();
            return images.gatherRows(ids, rows.length).mul(texts).sum(1).toArray();
        }
    }
}
