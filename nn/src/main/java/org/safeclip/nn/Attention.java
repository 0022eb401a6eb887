package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Multi-head self-attention: out(softmax(q·kᵀ/√(D/H) [+ causal mask])·v) (Vaswani et al. 2017).
 *
 * @param inWeight rows of the query, key and value projections, {@code [3D, D]}
 * @param inBias {@code [3D]}
 * @param out output projection, {@code D -> D}
 * @param heads H, number of heads; divides D
 * @param causal whether token t sees only tokens 0..t
 */
public record Attention(
        @Named("in_proj_weight") Tensor inWeight,
        @Named("in_proj_bias") Tensor inBias,
        @Named("out_proj") Linear out,
        int heads,
        boolean causal)
        implements Layer {

    /** Throws an IllegalArgumentException if the number of heads does not divide the width. */
    public Attention {
        int width = inWeight.dim(1);
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "attention of width " + width + " cannot have " + heads + " heads: heads must divide the width");
        }
    }

    /**
     * Random weights with CLIP's standard deviations for a transformer of {@code layers} layers (Radford et al. 2021).
     */
    public static Attention random(
            int width, int heads, int layers, boolean causal, Backend backend, RandomGenerator random) {
        Tensor inWeight = Initialisers.normal(backend, random, Initialisers.widthStd(width), 3 * width, width);
        Tensor inBias = Initialisers.zeros(backend, 3 * width);
        Linear out = Linear.random(width, width, Initialisers.residualStd(width, layers), backend, random);
        return new Attention(inWeight, inBias, out, heads, causal);
    }

    @Override
    public Tensor apply(Tensor x) { // [B, T, D] -> [B, T, D]
        return out.apply(mixed(x));
    }

    /** residual + apply(x), in one pass. */
    Tensor addTo(Tensor residual, Tensor x) {
        return out.addTo(residual, mixed(x));
    }

    private Tensor mixed(Tensor x) {
        Tensor qkv = x.linear(inWeight, inBias); // [B, T, 3D]
        return qkv.attention(heads, causal);
    }
}
