package org.safeclip.data;

import java.util.Arrays;
import org.safeclip.nn.parallel.Shard;

/**
 * B pairs seen {@code views} times: all first views, then all second views, so that one forward pass embeds both. Where several
 * processes share a batch, each has the images and captions of b of its pairs, a run of them.
 *
 * @param indices the B pairs, those of all processes
 * @param views V, 1 or 2
 * @param imageSize S
 * @param length T: tokens of the longest caption here; what a causal mask hides is not even stored
 * @param images [V * b, 3, S, S], normalised; [P, 3, S, S] where captions share P images
 * @param tokens [V * b, T], padded with 0 behind the end token
 * @param shard which of the pairs are this process's
 */
public record Batch(int[] indices, int views, int imageSize, int length, float[] images, int[] tokens, Shard shard) {
    /** A batch of which one process has all. */
    public Batch(int[] indices, int views, int imageSize, int length, float[] images, int[] tokens) {
        this(indices, views, imageSize, length, images, tokens, Shard.all(indices.length));
    }

    /** B. */
    public int size() {
        return indices.length;
    }

    /** Only view {@code v}, counted from 0. */
    public Batch view(int v) {
        int image = images.length / views;
        int text = tokens.length / views;
        return new Batch(
                indices,
                1,
                imageSize,
                length,
                Arrays.copyOfRange(images, v * image, (v + 1) * image),
                Arrays.copyOfRange(tokens, v * text, (v + 1) * text),
                shard);
    }
}
