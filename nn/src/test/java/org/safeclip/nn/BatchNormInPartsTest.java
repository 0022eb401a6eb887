package org.safeclip.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.Shard;
import org.safeclip.nn.parallel.ThreadJob;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Batch norm of a batch in parts is batch norm of the whole: value, gradients and running statistics. */
class BatchNormInPartsTest {
    private static final int ROWS = 7;
    private static final Shape SHAPE = Shape.of(ROWS, 3, 2, 2);
    private static final int EACH = SHAPE.size() / ROWS;
    private static final Offset<Float> ROUNDING = Offset.offset(2e-6f);

    /** What a process finds for its rows; the gradients of γ and β are summed over the processes. */
    private record Found(float[] y, float[] dx, float[] dgamma, float[] dbeta, float[] mean, float[] variance) {}

    @ParameterizedTest
    @CsvSource({"scalar, 2", "scalar, 3", "simd, 2", "simd, 7"})
    void equalsTheWhole(String backend, int size) throws Exception {
        Found whole = ThreadJob.run(1, processes -> found(backend, processes)).getFirst();
        List<Found> parts = ThreadJob.run(size, processes -> found(backend, processes));
        int row = 0;
        for (Found part : parts) {
            assertThat(part.y()).containsExactly(rows(whole.y(), row, part.y().length), ROUNDING);
            assertThat(part.dx()).containsExactly(rows(whole.dx(), row, part.dx().length), ROUNDING);
            assertThat(part.dgamma()).containsExactly(whole.dgamma(), Offset.offset(1e-5f));
            assertThat(part.dbeta()).containsExactly(whole.dbeta(), Offset.offset(1e-5f));
            assertThat(part.mean()).containsExactly(whole.mean(), ROUNDING);
            assertThat(part.variance()).containsExactly(whole.variance(), ROUNDING);
            row += part.y().length;
        }
        assertThat(row).isEqualTo(SHAPE.size());
    }

    private static float[] rows(float[] numbers, int from, int count) {
        return Arrays.copyOfRange(numbers, from, from + count);
    }

    private static Found found(String name, Communicator processes) throws Exception {
        try (Backend backend = Backends.open(name)) {
            SplittableRandom random = new SplittableRandom(5);
            float[] x = numbers(random, 3, 2); // a mean that is large beside the deviation
            float[] dy = numbers(random, 0, 1);
            Shard shard = new Shard(processes, ROWS);
            Shape own = Shape.of(shard.count(), 3, 2, 2);
            Tensor input = Tensor.parameter(NdArray.of(backend, own, x, shard.from() * EACH));
            BatchNorm2d norm = BatchNorm2d.of(3, backend);
            norm.weight().value().set(1.5f, -0.5f, 2);
            norm.bias().value().set(0.1f, 0.2f, 0.3f);
            Tensor y = norm.apply(input, processes);
            Gradients gradients = y.backward(NdArray.of(backend, own, dy, shard.from() * EACH));
            float[] dgamma = gradients.of(norm.weight()).toArray();
            float[] dbeta = gradients.of(norm.bias()).toArray();
            processes.sum(dgamma);
            processes.sum(dbeta);
            return new Found(
                    y.value().toArray(),
                    gradients.of(input).toArray(),
                    dgamma,
                    dbeta,
                    norm.runningMean().toArray(),
                    norm.runningVariance().toArray());
        }
    }

    private static float[] numbers(SplittableRandom random, double mean, double deviation) {
        float[] numbers = new float[SHAPE.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return numbers;
    }
}
