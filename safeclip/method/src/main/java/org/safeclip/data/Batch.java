package org.safeclip.data;

import java.util.Arrays;

/**
 * B pairs seen {@code views} times: all first views, then all second views, so that one forward pass embeds both.
 *
 * @param indices the B pairs
 * @param views V, 1 or 2
 * @param imageSize S
 * @param length T: tokens of the longest caption here; what a causal mask hides is not even stored
 * @param images [V * B, 3, S, S], normalised; [P, 3, S, S] where captions share P images
 * @param tokens [V * B, T], padded with 0 behind the end token
 */
public record Batch(int[] indices, int views, int imageSize, int length, float[] images, int[] tokens) {

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
                Arrays.copyOfRange(tokens, v * text, (v + 1) * text));
    }
}
