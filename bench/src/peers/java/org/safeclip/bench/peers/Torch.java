package org.safeclip.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** libtorch through DJL, from the artifacts on the class path and nothing else: it never asks the network. */
final class Torch implements AutoCloseable {
    private static final float EPSILON = 1e-5f;

    private final Engine engine;
    private final NDManager manager;

    private Torch(Engine engine) {
        this.engine = engine;
        this.manager = engine.newBaseManager();
    }

    /** Unpacks the native library below {@code cache} if it is not there yet, and loads it. */
    static Torch open(Path cache, int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("DJL_CACHE_DIR", cache.toString());
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        return new Torch(Engine.getEngine("PyTorch"));
    }

    String version() {
        return engine.getVersion();
    }

    /** The file with the kernels, and with Intel's MKL inside. */
    static Path library(Path cache) {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.endsWith("libtorch_cpu.so"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no libtorch_cpu.so below " + cache));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NDManager manager() {
        return manager;
    }

    GradientCollector collector() {
        return engine.newGradientCollector();
    }

    /** Gives the leaves of y the gradient of Σ y·dy; DJL's own collector knows no dy but ones. */
    static void backward(NDArray y, NDArray dy) {
        JniUtils.backward((PtNDArray) y, (PtNDArray) dy, false, false);
    }

    NDArray array(float[] numbers, long... dims) {
        return manager.create(numbers, new Shape(dims));
    }

    static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
        return Linear.linear(x, weight, bias).singletonOrThrow();
    }

    static NDArray layerNorm(NDArray x, NDArray gamma, NDArray beta) {
        Shape width = gamma.getShape();
        return LayerNorm.layerNorm(x, width, gamma, beta, EPSILON).singletonOrThrow();
    }

    @Override
    public void close() {
        manager.close();
    }
}
