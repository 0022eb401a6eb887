package org.safeclip.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.safeclip.data.ImageViews;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Scope;

/** Embeddings of many pictures or captions, a batch at a time and without history, read back to the host. */
public final class Embeddings {
    private static final int BATCH = 256;

    /** Pixels of a batch of large pictures: their feature maps are hundreds of times as large. */
    private static final int BATCH_PIXELS = BATCH * 32 * 32;

    private static final int FEWEST_PICTURES = 8;

    private Embeddings() {}

    /**
     * Unit-length embeddings of pictures: {@code [count][E]}.
     *
     * @param pictures square, 8-bit RGB, of any side
     * @param size S, the side the model wants
     */
    public static float[][] images(ClipModel model, List<byte[]> pictures, int size) {
        return images(model, pictures, size, true);
    }

    /** The features of pictures before they are brought to unit length. */
    public static float[][] imageFeatures(ClipModel model, List<byte[]> pictures, int size) {
        return images(model, pictures, size, false);
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static float[][] images(ClipModel model, List<byte[]> pictures, int size, boolean unit) {
        ClipModel still = Module.withoutHistory(model);
        int batch = Math.clamp(BATCH_PIXELS / ((long) size * size), FEWEST_PICTURES, BATCH);
        int each = 3 * size * size;
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < pictures.size(); from += batch) {
            List<byte[]> part = pictures.subList(from, Math.min(from + batch, pictures.size()));
            float[] pixels = new float[part.size() * each];
            for (int i = 0; i < part.size(); i++) {
                byte[] picture = part.get(i);
                ImageViews.plain(picture, (int) Math.sqrt(picture.length / 3.0), size, pixels, i * each);
            }
            try (Scope scope = model.backend().scope()) {
                Tensor features = unit
                        ? still.embedImages(pixels, part.size(), size, Mode.EVALUATION)
                        : still.imageFeatures(pixels, part.size(), size, Mode.EVALUATION);
                addRows(rows, features.value());
            }
        }
        return rows.toArray(float[][]::new);
    }

    /** Unit-length embeddings of captions: {@code [count][E]}. */
    @SuppressWarnings("try") // the scope is there to be closed
    public static float[][] texts(ClipModel model, List<String> captions, Tokenizer tokenizer, int context) {
        ClipModel still = Module.withoutHistory(model);
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
                        still.embedTexts(new Tokens(to - from, context, ids)).value());
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
