package org.safeclip.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** How a learner sees a set of pairs: as they are, or as random views of picture and caption. */
public final class Views {

    private static final Pattern SIDED = Pattern.compile("\\b(left|right)(wards?)?\\b", Pattern.CASE_INSENSITIVE);
    private static final int TEXT = 64; // keeps the text draws of a view apart from its image draws

    private final PairSet pairs;
    private final ImageViews images;
    private final TextViews texts;
    private final Tokenizer tokenizer;
    private final int context;
    private final long seed;
    private final boolean staticTexts;

    /** Views of {@code pairs} with captions cut at {@code context} tokens, all drawn from {@code seed}. */
    public Views(PairSet pairs, ImageViews images, TextViews texts, Tokenizer tokenizer, int context, long seed) {
        this(pairs, images, texts, tokenizer, context, seed, false);
    }

    private Views(
            PairSet pairs,
            ImageViews images,
            TextViews texts,
            Tokenizer tokenizer,
            int context,
            long seed,
            boolean staticTexts) {
        this.pairs = pairs;
        this.images = images;
        this.texts = texts;
        this.tokenizer = tokenizer;
        this.context = context;
        this.seed = seed;
        this.staticTexts = staticTexts;
    }

    /** The same pairs under another distribution of picture views. */
    public Views with(ImageViews other) {
        return new Views(pairs, other, texts, tokenizer, context, seed, staticTexts);
    }

    /** The same pairs with two variants of every caption, drawn once and for all, as the SafeCLIP release has them. */
    public Views withStaticTexts() {
        return new Views(pairs, images, texts, tokenizer, context, seed, true);
    }

    /** The pairs that are seen. */
    public PairSet pairs() {
        return pairs;
    }

    /** Clean pictures and captions of the given pairs. */
    public Batch plain(int[] indices) {
        return plain(indices, indices);
    }

    /**
     * The same of two lists of pairs.
     *
     * @param shown P pairs whose pictures the batch has
     * @param told B pairs whose captions it has; its size is theirs
     */
    public Batch plain(int[] shown, int[] told) {
        int image = 3 * images.size() * images.size();
        float[] pixels = new float[shown.length * image];
        for (int row = 0; row < shown.length; row++) {
            ImageViews.plain(pairs.pixels(shown[row]), pairs.imageSize(), images.size(), pixels, row * image);
        }
        int[] tokens = new int[told.length * context];
        for (int row = 0; row < told.length; row++) {
            put(pairs.caption(told[row]), tokens, row);
        }
        return trimmed(told, 1, pixels, tokens);
    }

    /**
     * One or two random views of the given pairs; the same epoch always gives the same ones.
     *
     * @param epoch any number that names this draw
     * @param views V, 1 or 2; view 1 of two is the same as view 1 of one
     */
    public Batch draw(int[] indices, int epoch, int views) {
        return draw(indices, epoch, views, false);
    }

    /**
     * The same.
     *
     * @param plainFirst whether view 1 is the pair as it is, without augmentation
     */
    public Batch draw(int[] indices, int epoch, int views, boolean plainFirst) {
        if (views < 1 || views > 2) {
            throw new IllegalArgumentException("views is " + views + ", expected 1 or 2");
        }
        int image = 3 * images.size() * images.size();
        float[] pixels = new float[views * indices.length * image];
        int[] tokens = new int[views * indices.length * context];
        for (int view = 0; view < views; view++) {
            for (int i = 0; i < indices.length; i++) {
                int row = view * indices.length + i;
                int pair = indices[i];
                String caption = pairs.caption(pair);
                if (plainFirst && view == 0) {
                    ImageViews.plain(pairs.pixels(pair), pairs.imageSize(), images.size(), pixels, row * image);
                    put(caption, tokens, row);
                    continue;
                }
                boolean mirror = !SIDED.matcher(caption).find(); // a mirrored "left arrow" would be a lie
                SplittableRandom random = Draws.of(seed, epoch, pair, view);
                images.view(pairs.pixels(pair), pairs.imageSize(), mirror, pixels, row * image, random);
                // no epoch has the number 0, so captions drawn once share no stream with those drawn anew
                int textDraw = staticTexts ? 0 : epoch;
                put(texts.view(caption, Draws.of(seed, textDraw, pair, TEXT + view)), tokens, row);
            }
        }
        return trimmed(indices, views, pixels, tokens);
    }

    private void put(String caption, int[] tokens, int row) {
        System.arraycopy(tokenizer.encode(caption, context), 0, tokens, row * context, context);
    }

    private Batch trimmed(int[] indices, int views, float[] pixels, int[] tokens) {
        int rows = views * indices.length;
        int length = 1;
        for (int row = 0; row < rows; row++) {
            length = Math.max(length, Tokenizer.endPosition(tokens, row * context, context) + 1);
        }
        for (int row = 1; row < rows; row++) {
            System.arraycopy(tokens, row * context, tokens, row * length, length);
        }
        int[] kept = Arrays.copyOf(tokens, rows * length);
        return new Batch(indices.clone(), views, images.size(), length, pixels, kept);
    }
}
