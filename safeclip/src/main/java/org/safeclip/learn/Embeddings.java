package org.safeclip.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Scope;

/** Embeddings of many pictures or captions, a batch at a time and without history, read back to the host. */
public final class Embeddings {
    private static final int BATCH = 256;

    private Embeddings() {}

    /** Unit-length embeddings of pictures {@code [count, 3, side, side]}: {@code [count][E]}. */
    @SuppressWarnings("try") // the scope is there to be closed
    public static float[][] images(ClipModel model, float[] pixels, int count, int side) {
        ClipModel still = Module.withoutHistory(model);
        int size = 3 * side * side;
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < count; from += BATCH) {
            int to = Math.min(from + BATCH, count);
            try (Scope scope = model.backend().scope()) {
                float[] part = Arrays.copyOfRange(pixels, from * size, to * size);
                addRows(
                        rows,
                        still.embedImages(part, to - from, side, Mode.EVALUATION)
                                .value());
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
