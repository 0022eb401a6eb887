package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Pools a feature map by attention (Radford et al. 2021, section 2.4): the mean over all places asks, and what it attends to
 * among the mean and the places is the answer.
 *
 * @param positions one row for the mean, then one a place, {@code [T, D]}, T = height·width + 1
 * @param key {@code D -> D}
 * @param query {@code D -> D}
 * @param value {@code D -> D}
 * @param out {@code D -> E}
 * @param heads H, a divisor of D
 */
public record AttentionPool(
        @Named("positional_embedding") Tensor positions,
        @Named("k_proj") Linear key,
        @Named("q_proj") Linear query,
        @Named("v_proj") Linear value,
        @Named("c_proj") Linear out,
        int heads)
        implements Layer {

    /** Refuses a width that the heads do not divide. */
    public AttentionPool {
        int width = positions.dim(1);
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("attention pool of width " + width + " cannot have " + heads
                    + " heads: heads must divide the width");
        }
    }

    /** CLIP's initial values: everything of standard deviation D^-½, biases zero. */
    public static AttentionPool random(
            int places, int width, int embedding, int heads, Backend backend, RandomGenerator random) {
        double std = Initialisers.widthStd(width);
        return new AttentionPool(
                Initialisers.normal(backend, random, std, places + 1, width),
                Linear.random(width, width, std, backend, random),
                Linear.random(width, width, std, backend, random),
                Linear.random(width, width, std, backend, random),
                Linear.random(width, embedding, std, backend, random),
                heads);
    }

    @Override
    public Tensor apply(Tensor map) { // [B, D, height, width] -> [B, E]
        int batch = map.dim(0);
        int width = map.dim(1);
        Tensor places = map.reshape(batch, width, -1).permute(0, 2, 1); // [B, T - 1, D]
        Tensor mean = places.mean(1).reshape(batch, 1, width);
        Tensor tokens = Tensor.concat(1, mean, places).add(positions); // [B, T, D]
        Tensor q = split(query.apply(tokens.slice(1, 0, 1))); // [B, H, 1, D/H]
        Tensor k = split(key.apply(tokens)); // [B, H, T, D/H]
        Tensor v = split(value.apply(tokens));
        float scale = (float) (1 / Math.sqrt((double) width / heads));
        Tensor attended = q.scale(scale).matmulTransposed(k).softmax().matmul(v); // [B, H, 1, D/H]
        return out.apply(attended.reshape(batch, width)); // one query: heads lie side by side already
    }

    private Tensor split(Tensor x) { // [B, T, D] -> [B, H, T, D/H]
        return x.reshape(x.dim(0), x.dim(1), heads, -1).permute(0, 2, 1, 3);
    }
}
