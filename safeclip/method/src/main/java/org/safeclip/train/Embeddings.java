package org.safeclip.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.safeclip.data.Batch;
import org.safeclip.data.ImageAugmentation;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Scope;

/** Embeddings of images and captions: as tensors with history for training, as plain numbers for everything else. */
public final class Embeddings {
    private static final int BATCH = 256;

    /** Pixels of a batch of large images: their feature maps are hundreds of times as large. */
    private static final int BATCH_PIXELS = BATCH * 32 * 32;

    private static final int FEWEST_IMAGES = 8;

    private Embeddings() {}

    /**
     * The images of a batch as training sees them, all first views before all second ones, {@code [V·B, E]}, unit length. Every
     * process embeds its own and gets those of all.
     */
    public static Tensor images(ClipModel model, Batch batch) {
        return images(model, batch, Mode.training(batch.shard().processes()));
    }

    /** The images of a batch in a mode, all first views before all second ones, {@code [V·B, E]}, unit length. */
    public static Tensor images(ClipModel model, Batch batch, Mode mode) {
        int rows = batch.views() * batch.shard().count();
        Tensor own = model.embedImages(batch.images(), rows, batch.imageSize(), mode);
        return batch.shard().gather(own, batch.views());
    }

    /**
     * The captions of a batch, all first views before all second ones, {@code [V·B, E]}, unit length. Every process embeds its own
     * and gets those of all.
     */
    public static Tensor captions(ClipModel model, Batch batch) {
        int rows = batch.views() * batch.shard().count();
        Tensor own = model.embedTexts(new Tokens(rows, batch.length(), batch.tokens()));
        return batch.shard().gather(own, batch.views());
    }

    /**
     * Embeddings of images, {@code [count][E]}, unit length.
     *
     * @param images square, 8-bit RGB, of any side
     * @param size S, the side the model wants
     */
    public static float[][] ofImages(ClipModel model, List<byte[]> images, int size) {
        return images(model, images, size, true);
    }

    /**
     * Features of images before they are normalised, {@code [count][E]}.
     *
     * @param images square, 8-bit RGB, of any side
     * @param size S, the side the model wants
     */
    public static float[][] featuresOfImages(ClipModel model, List<byte[]> images, int size) {
        return images(model, images, size, false);
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static float[][] images(ClipModel model, List<byte[]> images, int size, boolean unit) {
        ClipModel constant = Module.detached(model);
        int batch = Math.clamp(BATCH_PIXELS / ((long) size * size), FEWEST_IMAGES, BATCH);
        int each = 3 * size * size;
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < images.size(); from += batch) {
            List<byte[]> part = images.subList(from, Math.min(from + batch, images.size()));
            float[] pixels = new float[part.size() * each];
            for (int i = 0; i < part.size(); i++) {
                byte[] image = part.get(i);
                ImageAugmentation.plain(image, (int) Math.sqrt(image.length / 3.0), size, pixels, i * each);
            }
            try (Scope scope = model.backend().scope()) {
                Tensor features = unit
                        ? constant.embedImages(pixels, part.size(), size, Mode.EVALUATION)
                        : constant.imageFeatures(pixels, part.size(), size, Mode.EVALUATION);
                addRows(rows, features.value());
            }
        }
        return rows.toArray(float[][]::new);
    }

    /** Embeddings of captions, {@code [count][E]}, unit length. */
    @SuppressWarnings("try") // the scope is there to be closed
    public static float[][] ofCaptions(ClipModel model, List<String> captions, Tokenizer tokenizer, int context) {
        ClipModel constant = Module.detached(model);
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < captions.size(); from += BATCH) {
            int to = Math.min(from + BATCH, captions.size());
            int[] ids = new int[(to - from) * context];
            for (int i = from; i < to; i++) {
                System.arraycopy(tokenizer.encode(captions.get(i), context), 0, ids, (i - from) * context, context);
            }
            try (Scope scope = model.backend().scope()) {
                addRows(
                        rows,
                        constant.embedTexts(new Tokens(to - from, context, ids)).value());
            }
        }
        return rows.toArray(float[][]::new);
    }

    private static void addRows(List<float[]> rows, NdArray embeddings) {
        float[] numbers = embeddings.toArray();
        int width = embeddings.dim(1);
        for (int at = 0; at < numbers.length; at += width) {
            rows.add(Arrays.copyOfRange(numbers, at, at + width));
        }
    }
}
