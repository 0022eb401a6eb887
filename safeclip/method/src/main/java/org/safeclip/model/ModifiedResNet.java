package org.safeclip.model;

import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.nn.AttentionPool;
import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.Conv2d;
import org.safeclip.nn.Module;
import org.safeclip.nn.Named;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * The residual network of CLIP (He et al. 2016, as changed by Radford et al. 2021, section 2.4): a stem of three convolutions
 * instead of one, averages instead of strides, and attention instead of the last mean. RN50 has the widths 64 to 2048 and 3, 4,
 * 6 and 3 blocks.
 *
 * @param stem makes the side a quarter
 * @param stage1 blocks of width W, on the side of the stem
 * @param stage2 blocks of width 2W, on half of it
 * @param stage3 blocks of width 4W, on a quarter
 * @param stage4 blocks of width 8W, on an eighth: 1/32 of the image
 * @param pool over the places of the last map
 */
public record ModifiedResNet(
        @Named("") Stem stem,
        @Named("layer1") List<Bottleneck> stage1,
        @Named("layer2") List<Bottleneck> stage2,
        @Named("layer3") List<Bottleneck> stage3,
        @Named("layer4") List<Bottleneck> stage4,
        @Named("attnpool") AttentionPool pool)
        implements ImageEncoder {
    /** How much smaller the last map's side is than the image's. */
    static final int REDUCTION = 32;

    /** Number of stages. */
    static final int STAGES = 4;

    /** Three 3x3 convolutions, the first of stride 2, and an average over 2x2 places. */
    public record Stem(
            @Named("conv1") Conv2d first,
            @Named("bn1") BatchNorm2d firstNorm,
            @Named("conv2") Conv2d second,
            @Named("bn2") BatchNorm2d secondNorm,
            @Named("conv3") Conv2d third,
            @Named("bn3") BatchNorm2d thirdNorm)
            implements Module {
        private static Stem random(int width, Backend backend, RandomGenerator random) {
            int half = width / 2;
            return new Stem(
                    Conv2d.random(3, half, 3, 2, backend, random),
                    BatchNorm2d.of(half, backend),
                    Conv2d.random(half, half, 3, 1, backend, random),
                    BatchNorm2d.of(half, backend),
                    Conv2d.random(half, width, 3, 1, backend, random),
                    BatchNorm2d.of(width, backend));
        }

        Tensor apply(Tensor images, Mode mode) { // [B, 3, S, S] -> [B, W, S/4, S/4]
            Tensor x = mode.rectified(firstNorm, first.apply(images));
            Tensor y = mode.rectified(secondNorm, second.apply(x));
            return mode.rectified(thirdNorm, third.apply(y)).averagePool2d(2);
        }
    }

    /** A fresh encoder: He's initial values for the convolutions, CLIP's for the pool and the last scales. */
    public static ModifiedResNet random(ClipConfig config, Backend backend, RandomGenerator random) {
        int width = config.vision().width();
        List<Integer> blocks = config.vision().bottlenecks();
        int last = 8 * width * Bottleneck.EXPANSION;
        return new ModifiedResNet(
                Stem.random(width, backend, random),
                Bottleneck.stage(blocks.get(0), width, width, 1, backend, random),
                Bottleneck.stage(blocks.get(1), 4 * width, 2 * width, 2, backend, random),
                Bottleneck.stage(blocks.get(2), 8 * width, 4 * width, 2, backend, random),
                Bottleneck.stage(blocks.get(3), 16 * width, 8 * width, 2, backend, random),
                AttentionPool.random(
                        config.imageTokens(),
                        last,
                        config.embedding(),
                        config.vision().heads(),
                        backend,
                        random));
    }

    @Override
    public Tensor features(Tensor images, Mode mode) { // [B, 3, S, S] -> [B, E]
        Tensor x = stem.apply(images, mode);
        for (List<Bottleneck> stage : List.of(stage1, stage2, stage3, stage4)) {
            for (Bottleneck block : stage) {
                x = block.apply(x, mode);
            }
        }
        return pool.apply(x);
    }
}
