package org.safeclip.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Batch;
import org.safeclip.loss.InModal;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.TextConfig;
import org.safeclip.model.VisionConfig;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.train.Objective;

/**
 * What a step of training leaves to the collector once the compiler has come to every kernel: the records of the graph
 * and the handles of arrays (some 150 operations of a few hundred bytes each), whatever the size of the batch, and no
 * numbers.
 */
class SteadyStepTest {
    private static final int SIDE = 16;
    private static final int LENGTH = 9;
    private static final int STEPS = 20;
    /**
     * Measured: 90 to 350 KiB. With 256-bit vectors and no masks (-XX:UseAVX=2), one JVM in nine keeps boxing the vectors of one
     * kernel, for 1.2 MiB. Without the pool of arrays it is 10.4 MiB.
     */
    private static final long GRAPH_BYTES = 2 << 20;

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final ClipConfig CONFIG = new ClipConfig(
            SIDE,
            16,
            true,
            new VisionConfig(List.of(16, 32), 0, List.of(), 16, 0, 2, true),
            new TextConfig(64, LENGTH, 32, 1, 2));

    @Test
    void aSteadyStepAllocatesTheGraphAndNoNumbers() throws BackendUnavailable {
        try (Training training = new Training(64)) {
            assertThat(training.steadyBytes(GRAPH_BYTES)).as("bytes a step").isLessThan(GRAPH_BYTES);
        }
    }

    @Test
    void theHeapDoesNotGrow() throws BackendUnavailable {
        try (Training training = new Training(8)) {
            training.steps(100);
            long before = heap();
            training.steps(500);
            assertThat(heap() - before).as("bytes kept after 500 steps").isLessThan(1 << 20);
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** In-modal steps of a small convolutional model on one batch. */
    private static final class Training implements AutoCloseable {
        private final Backend backend = Backends.open("simd");
        private final ClipModel model;
        private final AdamW optimizer;
        private final Objective objective;
        private final Batch batch;

        Training(int size) throws BackendUnavailable {
            RandomGenerator random = new SplittableRandom(1);
            model = ClipModel.random(CONFIG, backend, random);
            optimizer = new AdamW(model.parameters(), AdamW.Settings.standard());
            objective = new InModal(
                    NeighbourPool.random(64, CONFIG.embedding(), backend, random),
                    NeighbourPool.random(64, CONFIG.embedding(), backend, random),
                    false);
            float[] pixels = new float[2 * size * 3 * SIDE * SIDE];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            int[] tokens = new int[2 * size * LENGTH];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = i % LENGTH == LENGTH - 1
                        ? CONFIG.text().vocabulary() - 1
                        : random.nextInt(CONFIG.text().vocabulary() - 1);
            }
            batch = new Batch(new int[size], 2, SIDE, LENGTH, pixels, tokens);
        }

        @SuppressWarnings("try") // the scope is there to be closed
        void steps(int count) {
            for (int i = 0; i < count; i++) {
                try (Scope scope = backend.scope()) {
                    Tensor loss = objective.loss(model, batch);
                    optimizer.step(loss.backward(), 1e-3);
                    model.clampScale();
                    assertThat(loss.item()).isFinite();
                }
            }
        }

        /** Bytes a step over some steps, once they are below the limit or patience is at its end. */
        long steadyBytes(long limit) {
            long start = System.nanoTime();
            long bytes;
            do {
                steps(STEPS);
                long before = THREADS.getCurrentThreadAllocatedBytes();
                steps(STEPS);
                bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / STEPS;
            } while (bytes >= limit && System.nanoTime() - start < PATIENCE_NANOS);
            return bytes;
        }

        @Override
        public void close() {
            backend.close();
        }
    }
}
