package org.safeclip.tensor.backend;

/**
 * Sizes of multi-head self-attention over packed queries, keys and values.
 *
 * @param batch B, number of sequences
 * @param tokens T, tokens of a sequence
 * @param heads H, number of heads
 * @param headWidth D / H, width of one head
 * @param causal whether token t sees only tokens 0..t
 */
public record AttentionShape(int batch, int tokens, int heads, int headWidth, boolean causal) {
    /** Model width D = H · headWidth. */
    public int width() {
        return heads * headWidth;
    }
}
