package org.safeclip.experiments.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.model.ClipModel;
import org.safeclip.train.Embeddings;

/**
 * Zero-shot classification (Radford et al. 2021): a class embedding is the normalised mean of the normalised embeddings of its
 * prompts; an image is classified as the class with the largest cosine.
 *
 * @param classes names and prompts
 * @param embeddings class embeddings, {@code [C, E]}, unit length
 */
public record ZeroShot(ClassList classes, float[][] embeddings) {

    /** Embeds the prompts of every class. */
    public static ZeroShot of(ClipModel model, ClassList classes, Tokenizer tokenizer, int context) {
        List<String> prompts = new ArrayList<>();
        classes.prompts().forEach(prompts::addAll);
        float[][] each = Embeddings.ofCaptions(model, prompts, tokenizer, context);
        float[][] classifier = new float[classes.size()][];
        int at = 0;
        for (int c = 0; c < classifier.length; c++) {
            int end = at + classes.prompts().get(c).size();
            classifier[c] = ensemble(Arrays.copyOfRange(each, at, end));
            at = end;
        }
        return new ZeroShot(classes, classifier);
    }

    /** The normalised mean of the normalised prompt embeddings. */
    static float[] ensemble(float[]... prompts) {
        float[] sum = new float[prompts[0].length];
        for (float[] prompt : prompts) {
            float[] direction = unit(prompt);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += direction[i];
            }
        }
        return unit(sum);
    }

    private static float[] unit(float... x) {
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

    /**
     * The cosine of every image (8-bit RGB, square) with every class, {@code [B, C]} row by row.
     *
     * @param size S, side of the model's images in pixels
     */
    public float[] scores(ClipModel model, List<byte[]> images, int size) {
        float[][] features = Embeddings.ofImages(model, images, size);
        float[] scores = new float[features.length * embeddings.length];
        int at = 0;
        for (float[] feature : features) {
            for (float[] embedding : embeddings) {
                scores[at++] = dot(feature, embedding);
            }
        }
        return scores;
    }

    static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
