package org.safeclip.data;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.Shard;

/**
 * Makes batches of pairs, as they are or as random views of image and caption. Contrast within a modality takes strong views;
 * matching images with captions takes weak ones, which keep what the caption speaks of.
 */
public final class Augmentation {
    private static final Pattern SIDED = Pattern.compile("\\b(left|right)(wards?)?\\b", Pattern.CASE_INSENSITIVE);

    private final PairSet pairs;
    private final ImageAugmentation strong;
    private final ImageAugmentation weak;
    private final TextAugmentation texts;
    private final Tokenizer tokenizer;
    private final int context;
    private final RandomKey key;
    private final boolean staticCaptions;
    private final Communicator processes;

    /** How much views differ from the image they are made of. */
    public enum Strength {
        /** As strong as the settings say: for contrast within a modality. */
        STRONG,
        /** A share of that: for matching images with captions. */
        WEAK
    }

    /**
     * Augmentation of a set of pairs for a model.
     *
     * @param imageSize S, side of the images that the model wants
     * @param context T, tokens at which captions are cut
     * @param key origin of all views
     */
    public static Augmentation of(
            PairSet pairs,
            AugmentationSettings settings,
            int imageSize,
            Tokenizer tokenizer,
            int context,
            RandomKey key) {
        return new Augmentation(
                pairs,
                settings.strong(imageSize),
                settings.weak(imageSize),
                TextAugmentation.embedded(),
                tokenizer,
                context,
                key);
    }

    /**
     * Augmentation of a set of pairs with distributions of one's own.
     *
     * @param context T, tokens at which captions are cut
     * @param key origin of all views
     */
    public Augmentation(
            PairSet pairs,
            ImageAugmentation strong,
            ImageAugmentation weak,
            TextAugmentation texts,
            Tokenizer tokenizer,
            int context,
            RandomKey key) {
        this(pairs, strong, weak, texts, tokenizer, context, key, false, Communicator.alone());
    }

    private Augmentation(
            PairSet pairs,
            ImageAugmentation strong,
            ImageAugmentation weak,
            TextAugmentation texts,
            Tokenizer tokenizer,
            int context,
            RandomKey key,
            boolean staticCaptions,
            Communicator processes) {
        this.pairs = pairs;
        this.strong = strong;
        this.weak = weak;
        this.texts = texts;
        this.tokenizer = tokenizer;
        this.context = context;
        this.key = key;
        this.staticCaptions = staticCaptions;
        this.processes = processes;
    }

    /** A copy that draws two variants of every caption once for all epochs, as the SafeCLIP release does. */
    public Augmentation withStaticCaptions() {
        return new Augmentation(pairs, strong, weak, texts, tokenizer, context, key, true, processes);
    }

    /** A copy that makes, of every batch, the part of this one of several processes; each pair gets the same views as before. */
    public Augmentation among(Communicator others) {
        return new Augmentation(pairs, strong, weak, texts, tokenizer, context, key, staticCaptions, others);
    }

    /** The processes that share the batches. */
    public Communicator processes() {
        return processes;
    }

    /** The pairs that batches are made of. */
    public PairSet pairs() {
        return pairs;
    }

    /** Numbers of an image as the model sees it. */
    public int imageNumbers() {
        return 3 * strong.size() * strong.size();
    }

    /** A batch of pairs without augmentation. */
    public Batch plain(int[] indices) {
        Shard shard = new Shard(processes, indices.length);
        int[] own = shard.of(indices);
        return plain(own, own, indices, shard);
    }

    /**
     * A batch without augmentation whose images and captions come from two lists of pairs; one process has all of it.
     *
     * @param imagesOf P pairs whose images the batch has
     * @param captionsOf B pairs whose captions it has; its size is theirs
     */
    public Batch plain(int[] imagesOf, int[] captionsOf) {
        return plain(imagesOf, captionsOf, captionsOf, Shard.all(captionsOf.length));
    }

    private Batch plain(int[] imagesOf, int[] captionsOf, int[] indices, Shard shard) {
        int size = strong.size();
        int image = 3 * size * size;
        float[] pixels = new float[imagesOf.length * image];
        for (int row = 0; row < imagesOf.length; row++) {
            ImageAugmentation.plain(pairs.pixels(imagesOf[row]), pairs.imageSize(), size, pixels, row * image);
        }
        int[] tokens = new int[captionsOf.length * context];
        for (int row = 0; row < captionsOf.length; row++) {
            put(pairs.caption(captionsOf[row]), tokens, row);
        }
        return trimmed(indices, shard, 1, pixels, tokens);
    }

    /**
     * A batch of one or two random views of pairs; a draw always gives the same ones.
     *
     * @param draw the number of the draw, see {@link RandomKey}
     * @param views V, 1 or 2; view 1 of two equals view 1 of one
     */
    public Batch views(int[] indices, int draw, int views, Strength strength) {
        return views(indices, draw, views, strength, false);
    }

    /**
     * A batch of one or two views of pairs, the first of them random or plain.
     *
     * @param draw the number of the draw, see {@link RandomKey}
     * @param views V, 1 or 2
     * @param plainFirst whether view 1 is the pair without augmentation
     */
    public Batch views(int[] indices, int draw, int views, Strength strength, boolean plainFirst) {
        if (views < 1 || views > 2) {
            throw new IllegalArgumentException("views is " + views + ", expected 1 or 2");
        }
        Shard shard = new Shard(processes, indices.length);
        int[] own = shard.of(indices);
        ImageAugmentation images = strength == Strength.STRONG ? strong : weak;
        int image = 3 * images.size() * images.size();
        float[] pixels = new float[views * own.length * image];
        int[] tokens = new int[views * own.length * context];
        for (int view = 0; view < views; view++) {
            for (int i = 0; i < own.length; i++) {
                int row = view * own.length + i;
                int pair = own[i];
                String caption = pairs.caption(pair);
                if (plainFirst && view == 0) {
                    ImageAugmentation.plain(pairs.pixels(pair), pairs.imageSize(), images.size(), pixels, row * image);
                    put(caption, tokens, row);
                    continue;
                }
                boolean mirror = !SIDED.matcher(caption).find(); // a mirrored "left arrow" would be wrong
                images.view(
                        pairs.pixels(pair),
                        pairs.imageSize(),
                        mirror,
                        pixels,
                        row * image,
                        key.imageView(draw, pair, view));
                // no epoch is draw 0, so captions drawn once share no stream with those drawn for each epoch
                int captionDraw = staticCaptions ? 0 : draw;
                put(texts.view(caption, key.captionView(captionDraw, pair, view)), tokens, row);
            }
        }
        return trimmed(indices, shard, views, pixels, tokens);
    }

    private void put(String caption, int[] tokens, int row) {
        System.arraycopy(tokenizer.encode(caption, context), 0, tokens, row * context, context);
    }

    private Batch trimmed(int[] indices, Shard shard, int views, float[] pixels, int[] tokens) {
        int rows = views * shard.count();
        int length = 1;
        for (int row = 0; row < rows; row++) {
            length = Math.max(length, Tokenizer.endPosition(tokens, row * context, context) + 1);
        }
        for (int row = 1; row < rows; row++) {
            System.arraycopy(tokens, row * context, tokens, row * length, length);
        }
        int[] kept = Arrays.copyOf(tokens, rows * length);
        return new Batch(indices.clone(), views, strong.size(), length, pixels, kept, shard);
    }
}
