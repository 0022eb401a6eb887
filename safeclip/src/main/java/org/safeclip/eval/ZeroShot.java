package org.safeclip.eval;

import java.util.ArrayList;
import java.util.List;
import org.safeclip.data.ClassList;
import org.safeclip.data.ImageViews;
import org.safeclip.data.Tokenizer;
import org.safeclip.learn.Embeddings;
import org.safeclip.model.ClipModel;

/**
 * Classification without training (Radford et al. 2021): every class is the normalised mean of the normalised embeddings of its
 * prompts; a picture belongs to the class of largest cosine.
 *
 * @param classes their names and prompts
 * @param embeddings {@code [C, E]}, unit length
 */
public record ZeroShot(ClassList classes, float[][] embeddings) {

    /** Embeds the prompts of every class. */
    public static ZeroShot of(ClipModel model, ClassList classes, Tokenizer tokenizer, int context) {
        List<String> prompts = new ArrayList<>();
        classes.prompts().forEach(prompts::addAll);
        float[][] each = Embeddings.texts(model, prompts, tokenizer, context);
        float[][] means = new float[classes.size()][];
        int at = 0;
        for (int c = 0; c < means.length; c++) {
            int count = classes.prompts().get(c).size();
            float[] sum = new float[each[at].length];
            for (int end = at + count; at < end; at++) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += each[at][i];
                }
            }
            means[c] = unit(sum);
        }
        return new ZeroShot(classes, means);
    }

    private static float[] unit(float[] x) {
        double squares = 0;
        for (float value : x) {
            squares += value * (double) value;
        }
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) (x[i] / Math.sqrt(squares));
        }
        return y;
    }

    /** Cosines of pictures (8-bit RGB, side x side) with every class, {@code [B, C]} row by row. */
    public float[] scores(ClipModel model, List<byte[]> pictures, int side) {
        int size = 3 * side * side;
        float[] pixels = new float[pictures.size() * size];
        for (int i = 0; i < pictures.size(); i++) {
            ImageViews.plain(pictures.get(i), pixels, i * size);
        }
        float[][] features = Embeddings.images(model, pixels, pictures.size(), side);
        float[] scores = new float[features.length * embeddings.length];
        int at = 0;
        for (float[] feature : features) {
            for (float[] embedding : embeddings) {
                scores[at++] = dot(feature, embedding);
            }
        }
        return scores;
    }

    /** For every picture the class it is taken for. */
    public int[] classify(ClipModel model, List<byte[]> pictures, int side) {
        return Ranking.best(scores(model, pictures, side), embeddings.length);
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
