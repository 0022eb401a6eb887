package org.safeclip.model;

import java.util.random.RandomGenerator;
import org.safeclip.nn.Module;
import org.safeclip.nn.Named;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * CLIP (Radford et al. 2021): an encoder of images, one of captions, and the logarithm of the scale s by which cosines
 * become logits.
 *
 * @param visual the image encoder
 * @param text the text encoder, whose parameters have no prefix
 * @param logitScale ln s, {@code []}
 */
public record ClipModel(
        ImageEncoder visual,
        @Named("") TextTransformer text,
        @Named("logit_scale") Tensor logitScale) implements Module {
    /** ln s at the start: a temperature of 0.07. */
    public static final float INITIAL_LOGIT_SCALE = (float) Math.log(1 / 0.07);

    /** The largest ln s. */
    public static final float LARGEST_LOGIT_SCALE = (float) Math.log(100);

    /** A fresh model. */
    public static ClipModel random(ClipConfig config, Backend backend, RandomGenerator random) {
        return new ClipModel(
                encoder(config, backend, random),
                TextTransformer.random(config, backend, random),
                Tensor.parameter(NdArray.full(backend, Shape.of(), INITIAL_LOGIT_SCALE)));
    }

    private static ImageEncoder encoder(ClipConfig config, Backend backend, RandomGenerator random) {
        if (!config.vision().bottlenecks().isEmpty()) {
            return ModifiedResNet.random(config, backend, random);
        }
        return config.vision().layers() == 0
                ? ConvNet.random(config, backend, random)
                : VisionTransformer.random(config, backend, random);
    }

    /** E, the width of the space that images and captions are embedded into. */
    public int embedding() {
        return text.projection().value().dim(1);
    }

    /** The backend of its numbers. */
    public Backend backend() {
        return logitScale.value().backend();
    }

    /** Features {@code [B, E]} of images {@code [B, 3, S, S]} given as row-major numbers, not normalised. */
    public Tensor imageFeatures(float[] pixels, int count, int side, Mode mode) {
        NdArray images = NdArray.of(backend(), Shape.of(count, 3, side, side), pixels);
        return visual.features(Tensor.constant(images), mode);
    }

    /** Embeddings {@code [B, E]}, unit length, of images {@code [B, 3, S, S]} that start at {@code pixels[from]}. */
    public Tensor embedImages(float[] pixels, int from, int count, int side, Mode mode) {
        NdArray images = NdArray.of(backend(), Shape.of(count, 3, side, side), pixels, from);
        return visual.features(Tensor.constant(images), mode).l2Normalize(EPSILON);
    }

    /** Embeddings {@code [B, E]}, unit length, of images {@code [B, 3, S, S]} given as row-major numbers. */
    public Tensor embedImages(float[] pixels, int count, int side, Mode mode) {
        return imageFeatures(pixels, count, side, mode).l2Normalize(EPSILON);
    }

    /** Features of captions, unit length, {@code [B, E]}. */
    public Tensor embedTexts(Tokens tokens) {
        return text.apply(tokens).l2Normalize(EPSILON);
    }

    /** s = e^logitScale. */
    public Tensor scale() {
        return logitScale.exp();
    }

    /** Brings ln s back into 0 ... ln 100; called after every step of the optimiser. */
    public void clampScale() {
        logitScale.value().clampInPlace(0, LARGEST_LOGIT_SCALE);
    }

    private static final float EPSILON = 1e-12f;
}
