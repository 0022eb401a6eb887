package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Patch embedding of a vision transformer (Dosovitskiy et al. 2021): splits images {@code [B, C, height, width]} into
 * square patches and projects each, to {@code [B, T, D]}.
 *
 * @param weight {@code [D, C, patch, patch]}
 */
public record PatchEmbedding(Tensor weight) implements Layer {
    /** Random normal weights of standard deviation 1/√(C·patch²). */
    public static PatchEmbedding random(int channels, int patch, int width, Backend backend, RandomGenerator random) {
        double std = 1 / Math.sqrt((double) channels * patch * patch);
        return new PatchEmbedding(Initialisers.normal(backend, random, std, width, channels, patch, patch));
    }

    @Override
    public Tensor apply(Tensor image) { // [B, C, height, width] -> [B, T, D], tokens row by row
        return new Conv2d(weight, null, weight.dim(-1), 0).tokens(image);
    }
}
