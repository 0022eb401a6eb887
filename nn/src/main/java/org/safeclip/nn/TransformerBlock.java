package org.safeclip.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * One pre-norm transformer block: x += attention(norm(x)), then x += mlp(norm(x)).
 *
 * @param attentionNorm layer norm before the attention
 * @param mlpNorm layer norm before the perceptron
 */
public record TransformerBlock(
        @Named("ln_1") LayerNorm attentionNorm,
        @Named("attn") Attention attention,
        @Named("ln_2") LayerNorm mlpNorm,
        Mlp mlp)
        implements Layer {

    /**
     * A stack of blocks with CLIP's initial values, whose standard deviation falls with the depth (Radford et al.
     * 2021).
     */
    public static List<TransformerBlock> stack(
            int layers,
            int width,
            int heads,
            boolean causal,
            Activation activation,
            Backend backend,
            RandomGenerator random) {
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            blocks.add(new TransformerBlock(
                    LayerNorm.of(width, backend),
                    Attention.random(width, heads, layers, causal, backend, random),
                    LayerNorm.of(width, backend),
                    Mlp.random(width, layers, activation, backend, random)));
        }
        return List.copyOf(blocks);
    }

    @Override
    public Tensor apply(Tensor x) { // [B, T, D] -> [B, T, D]
        Tensor attended = attention.addTo(x, attentionNorm.apply(x));
        return mlp.addTo(attended, mlpNorm.apply(attended));
    }
}
