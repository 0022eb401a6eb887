package org.safeclip.trust;

import java.util.stream.IntStream;
import org.safeclip.data.Batch;
import org.safeclip.data.Views;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Scope;

/** How well picture and caption of every pair agree: the cosine of their embeddings (SafeCLIP section 4.2). */
public final class Similarities {
    private static final int BATCH = 256;

    private Similarities() {}

    /** c_i = cos(I_i, T_i) for all N pairs as they are, without augmentation. */
    public static float[] ofPlainPairs(ClipModel model, Views views) {
        return of(model, views, 0, 0);
    }

    /**
     * The mean of c_i over random views, drawn anew for every epoch.
     *
     * @param draws views to average, at least 1
     */
    public static float[] ofViews(ClipModel model, Views views, int epoch, int draws) {
        return of(model, views, epoch, draws);
    }

    private static float[] of(ClipModel model, Views views, int epoch, int draws) {
        ClipModel still = Module.withoutHistory(model);
        float[] similarities = new float[views.pairs().size()];
        for (int from = 0; from < similarities.length; from += BATCH) {
            int[] pairs = IntStream.range(from, Math.min(from + BATCH, similarities.length))
                    .toArray();
            float[] sum = new float[pairs.length];
            for (int draw = 0; draw < Math.max(1, draws); draw++) {
                // negative numbers name draws for scoring, so none of them is ever trained on
                Batch batch = draws == 0 ? views.plain(pairs) : views.draw(pairs, -(epoch * draws + draw + 1), 1);
                float[] cosines = cosines(still, batch);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += cosines[i] / Math.max(1, draws);
                }
            }
            System.arraycopy(sum, 0, similarities, from, sum.length);
        }
        return similarities;
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static float[] cosines(ClipModel model, Batch batch) {
        try (Scope scope = model.backend().scope()) {
            NdArray images = model.embedImages(batch.images(), batch.size(), batch.imageSize(), Mode.EVALUATION)
                    .value();
            NdArray texts = model.embedTexts(new Tokens(batch.size(), batch.length(), batch.tokens()))
                    .value();
            return images.mul(texts).sum(1).toArray();
        }
    }
}
