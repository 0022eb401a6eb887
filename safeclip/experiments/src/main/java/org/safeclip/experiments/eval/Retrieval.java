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
 * Pictures found by captions and captions by pictures, among all of a set. A picture with several captions is right if any of
 * them is found; each of its captions is a search of its own.
 *
 * @param imageToText for every picture: was one of its captions among the first?
 * @param textToImage for every caption: was its picture?
 */
public record Retrieval(Recall imageToText, Recall textToImage) {
    private static final int QUERIES = 256; // at a time, so that the scores of a large set need little memory

    /**
     * A set to be searched.
     *
     * @param images square, 8-bit RGB
     * @param captions of each picture, one or more
     */
    public record Gallery(List<byte[]> images, List<List<String>> captions) {
        /** Keeps its own copies of the lists and refuses a picture without a caption. */
        public Gallery {
            images = List.copyOf(images);
            captions = captions.stream().map(List::copyOf).toList();
            if (images.size() != captions.size() || captions.stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("retrieval: " + images.size() + " pictures and " + captions.size()
                        + " lists of captions; expected one list of one or more captions for each picture");
            }
        }
    }

    /**
     * Searches with a model.
     *
     * @param size S, the side the model wants
     */
    public static Retrieval of(ClipModel model, Gallery gallery, Tokenizer tokenizer, int context, int size) {
        List<String> captions = new ArrayList<>();
        IntArrayList pictureOf = new IntArrayList();
        for (int picture = 0; picture < gallery.images().size(); picture++) {
            for (String caption : gallery.captions().get(picture)) {
                captions.add(caption);
                pictureOf.add(picture);
            }
        }
        float[][] images = Embeddings.ofImages(model, gallery.images(), size);
        float[][] texts = Embeddings.ofCaptions(model, captions, tokenizer, context);
        int[] owners = pictureOf.toIntArray();
        return new Retrieval(
                Recall.of(imageToText(model.backend(), images, texts, owners)),
                Recall.of(textToImage(model.backend(), images, texts, owners)));
    }

    /**
     * For each picture the best rank among its own captions.
     *
     * @param images {@code [P][E]}, unit length
     * @param texts {@code [C][E]}, unit length
     * @param pictureOf for each caption its picture
     */
    static int[] imageToText(Backend backend, float[][] images, float[][] texts, int... pictureOf) {
        List<int[]> answers = captionsOf(images.length, pictureOf);
        int[] ranks = new int[images.length];
        for (int from = 0; from < ranks.length; from += QUERIES) {
            int to = Math.min(from + QUERIES, ranks.length);
            float[] scores = cosines(backend, Arrays.copyOfRange(images, from, to), texts);
            int[] part = Ranking.bestRanks(scores, texts.length, answers.subList(from, to));
            System.arraycopy(part, 0, ranks, from, part.length);
        }
        return ranks;
    }

    private static List<int[]> captionsOf(int pictures, int... pictureOf) {
        List<IntArrayList> captions = new ArrayList<>();
        for (int picture = 0; picture < pictures; picture++) {
            captions.add(new IntArrayList());
        }
        for (int c = 0; c < pictureOf.length; c++) {
            captions.get(pictureOf[c]).add(c);
        }
        return captions.stream().map(IntArrayList::toIntArray).toList();
    }

    /** For each caption the rank of its picture. */
    static int[] textToImage(Backend backend, float[][] images, float[][] texts, int... pictureOf) {
        int[] ranks = new int[texts.length];
        for (int from = 0; from < ranks.length; from += QUERIES) {
            int to = Math.min(from + QUERIES, ranks.length);
            float[] scores = cosines(backend, Arrays.copyOfRange(texts, from, to), images);
            int[] part = Ranking.ranks(scores, images.length, Arrays.copyOfRange(pictureOf, from, to));
            System.arraycopy(part, 0, ranks, from, part.length);
        }
        return ranks;
    }

    /** All products of rows, {@code [a, b]} row by row. */
    @SuppressWarnings("try") // the scope is there to be closed
    private static float[] cosines(Backend backend, float[][] a, float[][] b) {
        try (Scope scope = backend.scope()) {
            return array(backend, a).matmulTransposed(array(backend, b)).toArray();
        }
    }

    /** Rows as one array. */
    static NdArray array(Backend backend, float[]... rows) {
        int width = rows[0].length;
        float[] numbers = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, numbers, i * width, width);
        }
        return NdArray.of(backend, Shape.of(rows.length, width), numbers);
    }
}
