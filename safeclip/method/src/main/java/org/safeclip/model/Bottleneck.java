package org.safeclip.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.Conv2d;
import org.safeclip.nn.Initialisers;
import org.safeclip.nn.Module;
import org.safeclip.nn.Named;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * One residual block of a {@link ModifiedResNet}: max(0, x + expand(look(reduce(x)))), where a map is made smaller by averaging
 * before the convolution instead of by a stride, so that no place is skipped (Zhang 2019; CLIP, section 2.4).
 *
 * @param reduce 1x1, {@code C -> P}
 * @param look 3x3, {@code P -> P}
 * @param expand 1x1, {@code P -> 4P}
 * @param shortcut what x goes through where its size changes; none: x itself
 * @param stride 1, or the side of the blocks that are averaged
 */
public record Bottleneck(
        @Named("conv1") Conv2d reduce,
        @Named("bn1") BatchNorm2d reduceNorm,
        @Named("conv2") Conv2d look,
        @Named("bn2") BatchNorm2d lookNorm,
        @Named("conv3") Conv2d expand,
        @Named("bn3") BatchNorm2d expandNorm,
        @Named("downsample") @Nullable Shortcut shortcut,
        int stride)
        implements Module {
    /** How much wider a block's output is than its 3x3 convolution. */
    static final int EXPANSION = 4;

    /**
     * The way past a block whose output has another size than its input.
     *
     * @param conv 1x1, {@code C -> 4P}
     */
    public record Shortcut(
            @Named("0") Conv2d conv, @Named("1") BatchNorm2d norm) implements Module {
        Tensor apply(Tensor x, Mode mode) {
            return mode.apply(norm, conv.apply(x));
        }
    }

    /** A stage: blocks one after the other, of which only the first has a stride. */
    static List<Bottleneck> stage(
            int blocks, int channels, int planes, int stride, Backend backend, RandomGenerator random) {
        List<Bottleneck> stage = new ArrayList<>();
        int in = channels;
        for (int i = 0; i < blocks; i++) {
            stage.add(random(in, planes, i == 0 ? stride : 1, backend, random));
            in = EXPANSION * planes;
        }
        return List.copyOf(stage);
    }

    /** A block whose last scale is 0, as in CLIP: at the start it passes on its shortcut alone. */
    private static Bottleneck random(int channels, int planes, int stride, Backend backend, RandomGenerator random) {
        int out = EXPANSION * planes;
        BatchNorm2d last = BatchNorm2d.of(out, backend);
        return new Bottleneck(
                Conv2d.random(channels, planes, 1, 1, backend, random),
                BatchNorm2d.of(planes, backend),
                Conv2d.random(planes, planes, 3, 1, backend, random),
                BatchNorm2d.of(planes, backend),
                Conv2d.random(planes, out, 1, 1, backend, random),
                new BatchNorm2d(
                        Initialisers.zeros(backend, out), last.bias(), last.runningMean(), last.runningVariance()),
                stride == 1 && channels == out
                        ? null
                        : new Shortcut(
                                Conv2d.random(channels, out, 1, 1, backend, random), BatchNorm2d.of(out, backend)),
                stride);
    }

    Tensor apply(Tensor x, Mode mode) { // [B, C, S, S] -> [B, 4P, S/stride, S/stride]
        Tensor reduced = mode.rectified(reduceNorm, reduce.apply(x));
        Tensor seen = mode.rectified(lookNorm, look.apply(reduced));
        Tensor expanded = mode.apply(expandNorm, expand.apply(smaller(seen)));
        Tensor past = shortcut == null ? x : shortcut.apply(smaller(x), mode);
        return past.add(expanded).relu();
    }

    private Tensor smaller(Tensor x) {
        return stride == 1 ? x : x.averagePool2d(stride);
    }
}
