package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.WindowShape;

/** Reordered axes and windows. */
class SimdLayoutTest {
    @Test
    void everyOrderOfAxesAgrees() {
        for (int[] dims : new int[][] {
            {7}, {31, 17}, {3, 65, 8}, {5, 1, 33}, {3, 4, 5, 6}, {1, 4, 17, 3}, {2, 1, 3, 1}, {2, 19, 34}
        }) {
            everyOrder(dims, new int[dims.length], 0);
        }
    }

    private static void everyOrder(int[] dims, int[] axes, int chosen) {
        if (chosen == dims.length) {
            int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
            Storage x = random(size, 1);
            String what = "permute " + Arrays.toString(dims) + " by " + Arrays.toString(axes);
            check(what, 0, (k, y) -> k.permute(dims, axes, x, y[0]), size);
            return;
        }
        for (int axis = 0; axis < dims.length; axis++) {
            int candidate = axis;
            if (Arrays.stream(axes, 0, chosen).noneMatch(taken -> taken == candidate)) {
                axes[chosen] = axis;
                everyOrder(dims, axes, chosen + 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1,1,1,1,0",
        "2,3,8,8,3,1,1",
        "3,2,7,5,3,2,1",
        "2,3,8,8,4,4,0",
        "1,2,3,3,5,1,2",
        "3,1,2,2,2,3,3",
        "2,3,8,8,3,2,1",
        "3,5,6,9,2,2,0",
        "2,2,9,9,7,2,3",
        "2,1,3,3,3,1,0",
        "1,2,16,16,8,8,0"
    })
    void windowsAgree(int batch, int channels, int height, int width, int kernel, int stride, int padding) {
        WindowShape s = new WindowShape(batch, channels, height, width, kernel, stride, padding);
        int size = batch * channels * height * width;
        Storage x = random(size, 1);
        Storage rows = random(s.rows() * s.cols(), 2);
        check("unfold " + s, 0, (k, y) -> k.unfold(s, x, y[0]), s.rows() * s.cols());
        check("fold " + s, 0, (k, y) -> k.fold(s, rows, y[0]), size);
    }
}
