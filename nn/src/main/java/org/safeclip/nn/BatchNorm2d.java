package org.safeclip.nn;

import java.util.Arrays;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.tensor.BatchParts;
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

    /**
     * Normalises the part of a training batch {@code [b, C, height, width]} that is this process's, with the statistics of the
     * whole batch, which update the running statistics of every process alike.
     */
    public Tensor apply(Tensor x, Communicator processes) {
        return processes.size() == 1 ? byBatch(x, false) : bySharedBatch(x, processes);
    }

    /** max(0, normalised x) of this process's part of a batch: {@code apply(x, processes).relu()} in fewer passes. */
    public Tensor rectified(Tensor x, Communicator processes) {
        return processes.size() == 1
                ? byBatch(x, true)
                : bySharedBatch(x, processes).relu();
    }

    private Tensor bySharedBatch(Tensor x, Communicator processes) {
        BatchParts parts = own -> {
            int[] counts = new int[processes.size()];
            Arrays.fill(counts, own.length);
            return processes.gather(own, counts);
        };
        return x.syncBatchNorm2d(weight, bias, EPSILON, parts, this::moveRunning);
    }

    private Tensor byBatch(Tensor x, boolean rectified) {
        int samples = x.shape().size() / Math.max(1, x.dim(1));
        if (samples < 2) {
            throw new IllegalArgumentException("batch normalisation of " + x.shape()
                    + ": one number a channel has no variance; use a larger batch or picture");
        }
        Tensor.BatchStatistics statistics = (mean, variance) -> moveRunning(mean, variance, samples);
        return rectified
                ? x.batchNorm2dRelu(weight, bias, EPSILON, statistics)
                : x.batchNorm2d(weight, bias, EPSILON, statistics);
    }

    private void moveRunning(NdArray mean, NdArray variance, int samples) {
        float unbiased = (float) samples / (samples - 1);
        runningMean.averageInPlace(1 - MOMENTUM, MOMENTUM, mean);
        runningVariance.averageInPlace(1 - MOMENTUM, MOMENTUM * unbiased, variance);
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
