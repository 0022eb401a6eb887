package org.safeclip.selection;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.data.ImageOps;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.data.Resampling;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.tensor.backend.Scope;

/**
 * What {@link Agreement} knows of N pairs: each distinct image and each distinct caption once.
 *
 * @param images a row for each distinct image
 * @param mirrored a row for the mirror image of each; null where the features do not change with it
 * @param captions a row for each distinct caption
 * @param imageOf row of each pair's image, {@code [N]}
 * @param captionOf row of each pair's caption, {@code [N]}
 * @param words words of each pair's caption
 */
public record PairFeatures(
        FeatureRows images,
        @Nullable FeatureRows mirrored,
        FeatureRows captions,
        int[] imageOf,
        int[] captionOf,
        CaptionWords words) {
    private static final int SMALL = 16;
    private static final int CAPTION_WIDTH = 256;
    private static final int BATCH = 256;

    /**
     * Features that need no model. An image: reduced to 16 x 16 pixels, blurred, every second pixel of every second row, minus its
     * mean. A caption: its words ({@link CaptionWords#features}).
     *
     * @param key draws the vectors of the words
     */
    public static PairFeatures plain(PairSet pairs, RandomKey key) {
        Distinct images = Distinct.images(pairs);
        Distinct captions = Distinct.captions(pairs);
        CaptionWords words = CaptionWords.of(pairs.captions());
        int side = pairs.imageSize();
        int width = 3 * (SMALL / 2) * (SMALL / 2);
        float[] plain = new float[Math.multiplyExact(images.first.length, width)];
        float[] mirrored = new float[plain.length];
        for (int i = 0; i < images.first.length; i++) {
            byte[] image = pairs.image(images.first[i]);
            describe(image, side, plain, i * width);
            ImageOps.hflip(image, side, side);
            describe(image, side, mirrored, i * width);
        }
        return new PairFeatures(
                FeatureRows.normalised(plain, width),
                FeatureRows.normalised(mirrored, width),
                words.features(captions.first, CAPTION_WIDTH, key),
                images.of,
                captions.of,
                words);
    }

    /**
     * The embeddings of a model. For {@link Agreement} its encoders must have been trained apart, as by SafeCLIP's warm-up: then no
     * poison has brought an image and a false caption together.
     */
    @SuppressWarnings("try") // the scope is there to be closed
    public static PairFeatures encoded(ClipModel model, Augmentation augmentation) {
        PairSet pairs = augmentation.pairs();
        Distinct images = Distinct.images(pairs);
        Distinct captions = Distinct.captions(pairs);
        ClipModel constant = Module.detached(model);
        int width = model.embedding();
        float[] pictures = new float[Math.multiplyExact(images.first.length, width)];
        float[] texts = new float[Math.multiplyExact(captions.first.length, width)];
        for (int from = 0; from < images.first.length; from += BATCH) {
            int[] some = Arrays.copyOfRange(images.first, from, Math.min(from + BATCH, images.first.length));
            Batch batch = augmentation.plain(some, some); // all of it, in every process
            try (Scope scope = model.backend().scope()) {
                float[] rows = constant.embedImages(batch.images(), some.length, batch.imageSize(), Mode.EVALUATION)
                        .value()
                        .toArray();
                System.arraycopy(rows, 0, pictures, from * width, rows.length);
            }
        }
        for (int from = 0; from < captions.first.length; from += BATCH) {
            int[] some = Arrays.copyOfRange(captions.first, from, Math.min(from + BATCH, captions.first.length));
            Batch batch = augmentation.plain(some, some); // all of it, in every process
            try (Scope scope = model.backend().scope()) {
                float[] rows = constant.embedTexts(new Tokens(some.length, batch.length(), batch.tokens()))
                        .value()
                        .toArray();
                System.arraycopy(rows, 0, texts, from * width, rows.length);
            }
        }
        return new PairFeatures(
                new FeatureRows(pictures, width),
                null,
                new FeatureRows(texts, width),
                images.of,
                captions.of,
                CaptionWords.of(pairs.captions()));
    }

    private static void describe(byte[] image, int side, float[] to, int at) {
        byte[] small = image.clone();
        if (side != SMALL) {
            small = Resampling.BILINEAR.resize(image, side, side, SMALL, SMALL);
        }
        double mean = 0;
        int next = at;
        for (int y = 0; y < SMALL; y += 2) {
            for (int x = 0; x < SMALL; x += 2) {
                for (int c = 0; c < 3; c++) {
                    to[next] = blurred(small, y, x, c);
                    mean += to[next++];
                }
            }
        }
        mean /= next - at;
        for (int i = at; i < next; i++) {
            to[i] -= (float) mean;
        }
    }

    /** Sum over 3 x 3 pixels; the border is repeated. */
    private static float blurred(byte[] small, int y, int x, int c) {
        int sum = 0;
        for (int dy = -1; dy <= 1; dy++) {
            int row = Math.clamp(y + dy, 0, SMALL - 1) * SMALL;
            for (int dx = -1; dx <= 1; dx++) {
                sum += small[3 * (row + Math.clamp(x + dx, 0, SMALL - 1)) + c] & 0xff;
            }
        }
        return sum;
    }

    /** Number of pairs N. */
    public int pairs() {
        return imageOf.length;
    }

    /** For each distinct image its pairs. */
    int[][] pairsOfImages() {
        return Groups.members(imageOf, images.count());
    }

    /** The first pair with each distinct image or caption, and for each pair which of these it has. */
    private record Distinct(int[] first, int[] of) {
        static Distinct images(PairSet pairs) {
            return of(pairs.firstShown());
        }

        static Distinct captions(PairSet pairs) {
            Object2IntOpenHashMap<String> seen = new Object2IntOpenHashMap<>();
            int[] first = new int[pairs.size()];
            for (int i = 0; i < first.length; i++) {
                int here = i;
                first[i] = seen.computeIfAbsent(pairs.caption(i), _ -> here);
            }
            return of(first);
        }

        private static Distinct of(int... firstOf) {
            int[] first = IntStream.range(0, firstOf.length)
                    .filter(i -> firstOf[i] == i)
                    .toArray();
            int[] of = IntStream.range(0, firstOf.length)
                    .map(i -> Arrays.binarySearch(first, firstOf[i]))
                    .toArray();
            return new Distinct(first, of);
        }
    }
}
