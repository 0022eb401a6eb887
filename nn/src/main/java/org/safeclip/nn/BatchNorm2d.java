package org.safeclip.nn;

import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Batch normalisation y = γ·(x − mean)/√(variance + 1e-5) + β for every channel of {@code [B, C, height, width]} (Ioffe
 * and Szegedy 2015).
 *
 * @param weight γ, {@code [C]}
 * @param bias β, {@code [C]}
 * @param runningMean moving average of the mean over training batches, {@code [C]}
 * @param runningVariance moving average of the unbiased variance, {@code [C]}
 */
public record BatchNorm2d(
        Tensor weight,
        Tensor bias,
        @Named("running_mean") NdArray runningMean,
        @Named("running_var") NdArray runningVariance)
        implements Module {
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;

    /** A batch norm of this many channels with γ = 1, β = 0, running mean 0 and variance 1. */
    public static BatchNorm2d of(int channels, Backend backend) {
        Shape shape = Shape.of(channels);
        return new BatchNorm2d(
                Initialisers.ones(backend, channels),
                Initialisers.zeros(backend, channels),
                NdArray.zeros(backend, shape),
                NdArray.full(backend, shape, 1));
    }

    /**
     * Normalises {@code [B, C, height, width]}: in training with the statistics of this batch, which update the running
     * statistics; otherwise with the running statistics.
     */
    public Tensor apply(Tensor x, boolean training) {
        return training ? byBatch(x, false) : byRunning(x);
    }

    /** max(0, normalised x): {@code apply(x, training).relu()} in fewer passes. */
    public Tensor rectified(Tensor x, boolean training) {
        return training ? byBatch(x, true) : byRunning(x).relu();
    }

    private Tensor byBatch(Tensor x, boolean rectified) {
        int samples = x.shape().size() / Math.max(1, x.dim(1));
        if (samples < 2) {
            throw new IllegalArgumentException("batch normalisation of " + x.shape()
                    + ": one number a channel has no variance; use a larger batch or picture");
        }
        float unbiased = (float) samples / (samples - 1);
        Tensor.BatchStatistics statistics = (mean, variance) -> {
            runningMean.averageInPlace(1 - MOMENTUM, MOMENTUM, mean);
            runningVariance.averageInPlace(1 - MOMENTUM, MOMENTUM * unbiased, variance);
        };
        return rectified
                ? x.batchNorm2dRelu(weight, bias, EPSILON, statistics)
                : x.batchNorm2d(weight, bias, EPSILON, statistics);
    }

    private Tensor byRunning(Tensor x) {
        int channels = x.dim(1);
        Tensor mean = Tensor.constant(runningMean.reshape(channels, 1, 1));
        Tensor deviation = Tensor.constant(runningVariance.reshape(channels, 1, 1))
                .affine(1, EPSILON)
                .sqrt();
        return x.sub(mean).div(deviation).mul(weight.reshape(channels, 1, 1)).add(bias.reshape(channels, 1, 1));
    }
}
