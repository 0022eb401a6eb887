package org.safeclip.model;

import java.util.random.RandomGenerator;
import org.safeclip.nn.ConvStem;
import org.safeclip.nn.Initialisers;
import org.safeclip.nn.Layer;
import org.safeclip.nn.LayerNorm;
import org.safeclip.nn.Named;
import org.safeclip.nn.PatchEmbedding;
import org.safeclip.nn.TransformerBlock;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * The image encoder (Dosovitskiy et al. 2021, in CLIP's form): cells of the image become tokens, a class token is put in
 * front, and what the transformer makes of it is projected.
 *
 * @param tokens images to cells: patches, or a convolutional stem
 * @param classEmbedding the class token, {@code [D]}
 * @param positions one row a token, class token first, {@code [T, D]}
 * @param normBefore in front of the transformer
 * @param transformer the blocks
 * @param normAfter behind it, on the pooled token
 * @param projection {@code [D, E]}
 * @param meanPool whether the mean over all tokens is projected instead of the class token
 */
public record VisionTransformer(
        @Named("conv1") Layer tokens,
        @Named("class_embedding") Tensor classEmbedding,
        @Named("positional_embedding") Tensor positions,
        @Named("ln_pre") LayerNorm normBefore,
        Transformer transformer,
        @Named("ln_post") LayerNorm normAfter,
        @Named("proj") Tensor projection,
        boolean meanPool)
        implements ImageEncoder {

    /** A fresh encoder with CLIP's initial values. */
    public static VisionTransformer random(ClipConfig config, Backend backend, RandomGenerator random) {
        int width = config.vision().width();
        double std = Initialisers.widthStd(width);
        Layer tokens = config.vision().stem().isEmpty()
                ? PatchEmbedding.random(3, config.vision().patch(), width, backend, random)
                : ConvStem.random(channels(config), width, backend, random);
        return new VisionTransformer(
                tokens,
                Initialisers.normal(backend, random, std, width),
                Initialisers.normal(backend, random, std, config.imageTokens() + 1, width),
                LayerNorm.of(width, backend),
                new Transformer(TransformerBlock.stack(
                        config.vision().layers(),
                        width,
                        config.vision().heads(),
                        false,
                        config.activation(),
                        backend,
                        random)),
                LayerNorm.of(width, backend),
                Initialisers.normal(backend, random, std, width, config.embedding()),
                config.vision().meanPool());
    }

    private static int[] channels(ClipConfig config) {
        int[] channels = new int[config.vision().stem().size() + 1];
        channels[0] = 3;
        for (int i = 1; i < channels.length; i++) {
            channels[i] = config.vision().stem().get(i - 1);
        }
        return channels;
    }

    @Override
    public Tensor features(Tensor images, Mode mode) { // [B, 3, S, S] -> [B, E]; nothing here depends on the mode
        Tensor cells = tokens.apply(images); // [B, T - 1, D]
        int batch = cells.dim(0);
        int width = cells.dim(2);
        Backend backend = cells.value().backend();
        Tensor zeros = Tensor.constant(NdArray.zeros(backend, Shape.of(batch, 1, width)));
        Tensor x = Tensor.concat(1, zeros.add(classEmbedding), cells).add(positions); // [B, T, D]
        Tensor y = transformer.apply(normBefore.apply(x));
        Tensor pooled = meanPool ? y.mean(1) : y.slice(1, 0, 1).reshape(batch, width); // [B, D]
        return normAfter.apply(pooled).matmul(projection);
    }
}
