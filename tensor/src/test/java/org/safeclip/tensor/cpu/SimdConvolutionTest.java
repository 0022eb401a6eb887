package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.WindowShape;

class SimdConvolutionTest {
    private static final WindowShape ODD = new WindowShape(3, 5, 7, 9, 3, 2, 1);

    /** Sizes: batch, channels, height, width, kernel, stride, padding. */
    static Stream<WindowShape> shapes() {
        return Stream.of(
                ODD,
                new WindowShape(2, 3, 32, 32, 3, 2, 1), // rows of windows are whole vectors
                new WindowShape(9, 4, 4, 4, 3, 2, 1), // eight images in a panel
                new WindowShape(3, 30, 7, 7, 3, 1, 1), // runs that end within a vector
                new WindowShape(2, 3, 11, 10, 5, 3, 2), // a stride that is no power of two
                new WindowShape(4, 16, 6, 5, 1, 1, 0), // no window at all
                new WindowShape(2, 3, 9, 9, 1, 2, 0), // pixels between windows
                new WindowShape(2, 2, 3, 3, 3, 1, 0), // one window an image
                new WindowShape(2, 60, 4, 5, 3, 1, 1), // sums in two pieces
                new WindowShape(33, 2, 16, 17, 3, 2, 1)); // sums over windows in parts
    }

    @AfterEach
    void tileOfThisMachine() {
        SimdTileChoice.reset();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void agreesWithTheDefinition(WindowShape s) {
        for (int out : new int[] {1, 7, 40}) {
            for (boolean tall : new boolean[] {false, true}) {
                SimdTileChoice.force(tall);
                String what = s + " to " + out + (tall ? ", tall tile" : ", low tile");
                int images = s.batch() * s.channels() * s.height() * s.width();
                Storage x = random(images, 1);
                Storage w = random(out * s.cols(), 2);
                Storage dy = random(s.rows() * out, 3);
                check(what, 1e-4, (k, y) -> k.convolve(s, out, x, w, y[0]), s.rows() * out);
                check(what + ", dx", 1e-4, (k, y) -> k.convolveInputGradient(s, out, w, dy, y[0]), images);
                check(what + ", dw", 1e-4, (k, y) -> k.convolveWeightGradient(s, out, x, dy, y[0]), out * s.cols());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 40})
    void hasTheBitsOfTheUnfoldedProduct(int out) {
        WindowShape s = new WindowShape(5, 60, 7, 9, 3, 2, 1);
        int windows = s.outHeight() * s.outWidth();
        Storage x = random(s.batch() * s.channels() * s.height() * s.width(), 1);
        Storage w = random(out * s.cols(), 2);
        float[] direct = new float[s.rows() * out];
        float[] unfolded = new float[s.rows() * s.cols()];
        float[] rows = new float[s.rows() * out];
        float[] images = new float[s.rows() * out];
        SimdKernels simd = new SimdKernels();
        simd.convolve(s, out, x, w, of(direct));
        simd.unfold(s, x, of(unfolded));
        simd.matmul(new MatMulShape(1, s.rows(), out, s.cols(), false, true), of(unfolded), w, of(rows));
        simd.permute(new int[] {s.batch(), windows, out}, new int[] {0, 2, 1}, of(rows), of(images));
        assertThat(Arrays.mismatch(direct, images)).isEqualTo(-1);
    }

    private static Storage of(float[] numbers) {
        return new HostStorage(numbers.length, numbers);
    }
}
