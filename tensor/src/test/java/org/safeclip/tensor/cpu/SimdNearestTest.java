package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.Storage;

/**
 * The nearest row of a pool, on sizes around the blocks; numbers on a grid, so that products are exact and often equal.
 */
class SimdNearestTest {
    @ParameterizedTest
    @CsvSource({"1,1,1,1", "5,600,3,1", "257,31,2,3", "300,1100,2,3", "3,513,64,2", "70,7,255,1"})
    void theFirstOfTheNearestIsFound(int rows, int candidates, int width, int threads) {
        Storage x = grid(rows * width, 13);
        Storage pool = grid(candidates * width, 29);
        assertThat(found(new SimdKernels(), threads, rows, candidates, width, x, pool))
                .isEqualTo(found(new ScalarKernels(), 1, rows, candidates, width, x, pool));
    }

    @ParameterizedTest
    @CsvSource({"0,0,5", "5,0,700", "1100,512,600"})
    void whatIsNotANumberIsNotNear(int first, int second, int third) {
        int candidates = 1101;
        Storage x = grid(4, 13);
        Storage pool = grid(candidates * 2, 29);
        for (int row : new int[] {first, second, third}) {
            HostStorage.array(pool)[2 * row] = Float.NaN;
        }
        assertThat(found(new SimdKernels(), 1, 2, candidates, 2, x, pool))
                .isEqualTo(found(new ScalarKernels(), 1, 2, candidates, 2, x, pool));
    }

    private static int[] found(
            ScalarKernels kernels, int threads, int rows, int candidates, int width, Storage x, Storage pool) {
        HostIntStorage at = new HostIntStorage(rows, new int[rows]);
        try {
            Parallel.configure(threads, 1);
            kernels.nearest(rows, candidates, width, x, pool, at);
        } finally {
            Parallel.reset();
        }
        return HostIntStorage.array(at);
    }

    private static Storage grid(int n, int step) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i * (long) step % 101 - 50) / 8f;
        }
        return new HostStorage(n, x);
    }
}
