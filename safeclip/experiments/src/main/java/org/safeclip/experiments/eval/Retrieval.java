package org.safeclip.experiments.eval;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.train.Embeddings;

/**
 * Retrieval among all pairs of a set, images by captions and captions by images. For an image with several captions, any of them
 * is a correct result; each of its captions is a query.
 *
 * @param imageToText recall of an image's captions, one query per image
 * @param textToImage recall of a caption's image, one query per caption
 */
public record Retrieval(Recall imageToText, Recall textToImage) {
    private static final int QUERIES = 256; // in one product, to limit the memory for the scores of a large set

    /**
     * The images and captions to search.
     *
     * @param images square, 8-bit RGB
     * @param captions captions of each image, at least one
     */
    public record Gallery(List<byte[]> images, List<List<String>> captions) {
        /**
         * Copies the lists.
         *
         * @throws IllegalArgumentException if an image has no caption
         */
        public Gallery {
            images = List.copyOf(images);
            captions = captions.stream().map(List::copyOf).toList();
            if (images.size() != captions.size() || captions.stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("retrieval: " + images.size() + " images and " + captions.size()
                        + " lists of captions; expected one list of one or more captions for each image");
            }
        }
    }

    /**
     * Computes the recall of a model.
     *
     * @param size S, side of the model's images in pixels
     */
    public static Retrieval of(ClipModel model, Gallery gallery, Tokenizer tokenizer, int context, int size) {
        List<String> captions = new ArrayList<>();
        IntArrayList imageOf = new IntArrayList();
        for (int image = 0; image < gallery.images().size(); image++) {
            for (String caption : gallery.captions().get(image)) {
                captions.add(caption);
                imageOf.add(image);
            }
        }
        float[][] images = Embeddings.ofImages(model, gallery.images(), size);
        float[][] texts = Embeddings.ofCaptions(model, captions, tokenizer, context);
        int[] owners = imageOf.toIntArray();
        return new Retrieval(
                Recall.of(imageToText(model.backend(), images, texts, owners)),
                Recall.of(textToImage(model.backend(), images, texts, owners)));
    }

    /**
     * For each image, the best rank of its captions.
     *
     * @param images {@code [P, E]}, unit length
     * @param texts {@code [C, E]}, unit length
     * @param imageOf index of each caption's image, {@code [C]}
     */
    static int[] imageToText(Backend backend, float[][] images, float[][] texts, int... imageOf) {
        List<int[]> answers = captionsOf(images.length, imageOf);
        int[] ranks = new int[images.length];
        for (int from = 0; from < ranks.length; from += QUERIES) {
            int to = Math.min(from + QUERIES, ranks.length);
            float[] scores = cosines(backend, Arrays.copyOfRange(images, from, to), texts);
            int[] part = Ranking.bestRanks(scores, texts.length, answers.subList(from, to));
            System.arraycopy(part, 0, ranks, from, part.length);
        }
        return ranks;
    }

    private static List<int[]> captionsOf(int images, int... imageOf) {
        List<IntArrayList> captions = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            captions.add(new IntArrayList());
        }
        for (int c = 0; c < imageOf.length; c++) {
            captions.get(imageOf[c]).add(c);
        }
        return captions.stream().map(IntArrayList::toIntArray).toList();
    }

    /** For each caption, the rank of its image; images {@code [P, E]} and texts {@code [C, E]} of unit length. */
    static int[] textToImage(Backend backend, float[][] images, float[][] texts, int... imageOf) {
        int[] ranks = new int[texts.length];
        for (int from = 0; from < ranks.length; from += QUERIES) {
            int to = Math.min(from + QUERIES, ranks.length);
            float[] scores = cosines(backend, Arrays.copyOfRange(texts, from, to), images);
            int[] part = Ranking.ranks(scores, images.length, Arrays.copyOfRange(imageOf, from, to));
            System.arraycopy(part, 0, ranks, from, part.length);
        }
        return ranks;
    }

    /** All dot products of rows of a and b, {@code [rows of a, rows of b]} row by row. */
    @SuppressWarnings("try") // the scope is there to be closed
    private static float[] cosines(Backend backend, float[][] a, float[][] b) {
        try (Scope scope = backend.scope()) {
            return array(backend, a).matmulTransposed(array(backend, b)).toArray();
        }
    }

    /** Copies rows into one array. */
    static NdArray array(Backend backend, float[]... rows) {
        int width = rows[0].length;
        float[] numbers = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, numbers, i * width, width);
        }
        return NdArray.of(backend, Shape.of(rows.length, width), numbers);
    }
}
