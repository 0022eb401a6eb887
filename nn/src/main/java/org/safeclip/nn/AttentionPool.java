package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Attention pooling of a feature map {@code [B, D, height, width]} to {@code [B, E]} (Radford et al. 2021, section
 * 2.4): the query is the mean over all positions, keys and values are the mean and the positions.
 *
 * @param positions position embeddings: one row for the mean, then one for each position, {@code [T, D]}, T =
 *     height·width + 1
 * @param key key projection, {@code D -> D}
 * @param query query projection, {@code D -> D}
 * @param value value projection, {@code D -> D}
 * @param out output projection, {@code D -> E}
 * @param heads H, number of heads; divides D
 */
public record AttentionPool(
        @Named("positional_embedding") Tensor positions,
        @Named("k_proj") Linear key,
        @Named("q_proj") Linear query,
        @Named("v_proj") Linear value,
        @Named("c_proj") Linear out,
        int heads)
        implements Layer {

    /** Throws an IllegalArgumentException if the number of heads does not divide the width. */
    public AttentionPool {
        int width = positions.dim(1);
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("attention pool of width " + width + " cannot have " + heads
                    + " heads: heads must divide the width");
        }
    }

    /** Random weights of standard deviation D^-½ as in CLIP (Radford et al. 2021), biases zero. */
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
