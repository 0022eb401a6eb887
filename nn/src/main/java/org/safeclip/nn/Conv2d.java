package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Convolution (cross-correlation) of images {@code [B, C, height, width]} with square kernels and zero padding.
 *
 * @param weight {@code [out, in, kernel, kernel]}
 * @param bias {@code [out]}, or none
 * @param stride distance between windows in pixels
 * @param padding pixels of zeros on every side
 */
public record Conv2d(Tensor weight, @Nullable Tensor bias, int stride, int padding) implements Layer {
    /**
     * Normal weights of standard deviation √(2 / (in·kernel²)) (He et al. 2015), without bias; padding keeps the size
     * at stride 1.
     */
    public static Conv2d random(int in, int out, int kernel, int stride, Backend backend, RandomGenerator random) {
        Tensor weight =
                Initialisers.normal(backend, random, Initialisers.heStd(in * kernel * kernel), out, in, kernel, kernel);
        return new Conv2d(weight, null, stride, kernel / 2);
    }

    /**
     * Normal weights of standard deviation √(2 / (in·kernel²)) (He et al. 2015) and a zero bias; padding keeps the size
     * at stride 1.
     */
    public static Conv2d randomWithBias(
            int in, int out, int kernel, int stride, Backend backend, RandomGenerator random) {
        Conv2d plain = random(in, out, kernel, stride, backend, random);
        return new Conv2d(plain.weight, Initialisers.zeros(backend, out), stride, plain.padding);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.conv2d(weight, bias, stride, padding);
    }

    /** The convolution with its positions as tokens in row-major order: {@code [B, T, out]}. */
    Tensor tokens(Tensor x) {
        Tensor rows = weight.reshape(weight.dim(0), -1); // [out, in·kernel²]
        return x.unfold(weight.dim(-1), stride, padding).linear(rows, bias).reshape(x.dim(0), -1, weight.dim(0));
    }
}
