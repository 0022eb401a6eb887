package org.safeclip.nn.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Rows divided among processes come back together, with the gradient of one's own. */
class ShardTest {
    @Test
    void everyRowIsInOnePart() throws Exception {
        for (int rows : new int[] {0, 1, 5, 128, 1000}) {
            for (int block : new int[] {1, 3, 256}) {
                for (int size = 1; size <= 4; size++) {
                    int[] numbers = IntStream.range(0, rows).toArray();
                    List<int[]> parts = ThreadJob.run(size, p -> new Shard(p, numbers.length, block).of(numbers));
                    assertThat(parts.stream().flatMapToInt(IntStream::of))
                            .containsExactlyElementsOf(
                                    IntStream.of(numbers).boxed().toList());
                    for (int r = 0; r < size - 1; r++) {
                        assertThat(parts.get(r).length % block)
                                .as("%d rows, %d", rows, r)
                                .isZero();
                    }
                }
            }
        }
    }

    @Test
    void partsDifferByOneRowAtMost() throws Exception {
        assertThat(ThreadJob.run(3, p -> new Shard(p, 8).count())).containsExactly(2, 3, 3);
    }

    /** 5 rows of 2 numbers in two views: rows of the first view keep before those of the second. */
    @Test
    void gatheredRowsStandInOrderAndPassTheirGradientOn() throws Exception {
        float[] all = new float[20];
        float[] weights = new float[20];
        for (int i = 0; i < 20; i++) {
            all[i] = i;
            weights[i] = 100 + i;
        }
        List<float[]> gradients = ThreadJob.run(3, processes -> {
            try (Backend backend = Backends.open("scalar")) {
                Shard shard = new Shard(processes, 5);
                Tensor whole = Tensor.parameter(NdArray.of(backend, Shape.of(10, 2), all));
                Tensor own = Tensor.concat(
                        0, whole.slice(0, shard.from(), shard.to()), whole.slice(0, 5 + shard.from(), 5 + shard.to()));
                Tensor gathered = shard.gather(own, 2);
                assertThat(gathered.value().toArray()).isEqualTo(all);
                Gradients found = gathered.backward(NdArray.of(backend, Shape.of(10, 2), weights));
                return found.of(whole).toArray();
            }
        });
        float[] sum = new float[20];
        for (float[] part : gradients) {
            for (int i = 0; i < 20; i++) {
                assertThat(part[i]).isIn(0f, weights[i]);
                sum[i] += part[i];
            }
        }
        assertThat(sum).isEqualTo(weights);
    }

    @Test
    void aThreadThatFailsEndsTheOthers() {
        assertThatThrownBy(() -> ThreadJob.run(3, processes -> {
                    if (processes.rank() == 1) {
                        throw new IllegalArgumentException("one failed");
                    }
                    processes.sum(new float[3]);
                    return true;
                }))
                .rootCause()
                .hasMessage("one failed");
    }

    @Test
    void sumsAreTakenInTheOrderOfTheRanks() throws Exception {
        float[] given = {1e8f, 1, -1e8f};
        List<Float> sums = ThreadJob.run(3, processes -> {
            float[] numbers = {given[processes.rank()]};
            processes.sum(numbers);
            return numbers[0];
        });
        assertThat(sums).containsOnly((1e8f + 1) + -1e8f);
    }
}
