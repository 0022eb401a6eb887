package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/** The reference itself, against numbers worked out by hand or taken from tables. */
final class ScalarKernelsTest {
    private final Backend backend = new ScalarProvider().open();
    private final Kernels kernels = backend.kernels();

    private NdArray of(float... numbers) {
        return NdArray.of(backend, Shape.of(numbers.length), numbers);
    }

    /** From tables of the complementary error function (Abramowitz and Stegun, chapter 7). */
    @ParameterizedTest
    @CsvSource({
        "0, 1", "0.5, 0.4795001221869535", "1, 0.15729920705028513", "1.9, 0.007209570764742531",
        "2, 0.004677734981047266", "2.1, 0.0029794666563329856", "3, 2.209049699858544e-5", "5, 1.5374597944280349e-12",
        "-0.5, 1.5204998778130465", "-1, 1.8427007929497148", "-3, 1.9999779095030015"
    })
    void erfc(double x, double want) {
        assertThat(ScalarMath.erfc(x)).isCloseTo(want, within(1e-13 * want + 1e-15));
    }

    @Test
    void erfcHasNoSeam() {
        for (double x = -6; x < 6; x += 0.001) {
            assertThat(ScalarMath.erfc(x) + ScalarMath.erfc(-x)).isCloseTo(2, within(1e-14));
            assertThat(ScalarMath.erfc(x + 0.001)).isLessThan(ScalarMath.erfc(x) + 1e-15);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NEG, 2, -2",
        "EXP, 1, 2.7182818",
        "LOG, 2, 0.6931472",
        "SQRT, 2, 1.4142135",
        "TANH, 0.5, 0.46211717",
        "SIGMOID, 0, 0.5",
        "SIGMOID, -200, 0",
        "RELU, -3, 0",
        "RELU, 3, 3",
        "GELU, 1, 0.8413447",
        "GELU, -10, 0",
        "GELU_TANH, 1, 0.841192",
        "QUICK_GELU, 1, 0.8457958"
    })
    void functions(Unary f, float x, float want) {
        assertThat((float) ScalarMath.apply(f, x)).isCloseTo(want, within(1e-6f));
    }

    @Test
    void oneOperandMayBeRepeatedAlongAnyRun() {
        NdArray a = of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        NdArray y = of(new float[12]);
        kernels.zip(
                Binary.MUL,
                new BroadcastShape(2, 3, 2),
                a.storage(),
                of(1, 10, 100).storage(),
                y.storage());
        assertThat(y.toArray()).containsExactly(1, 2, 30, 40, 500, 600, 7, 8, 90, 100, 1100, 1200);
    }

    @Test
    void valuesMayReplaceTheirInput() {
        NdArray x = of(1, 4, 9);
        kernels.map(Unary.SQRT, 3, x.storage(), x.storage());
        kernels.affine(3, 2, 1, x.storage(), x.storage());
        kernels.zip(Binary.SUB, BroadcastShape.same(3), x.storage(), of(1, 1, 1).storage(), x.storage());
        assertThat(x.toArray()).containsExactly(2, 4, 6);
    }

    @Test
    void theFirstOfEqualsIsTheLargest() {
        IntStorage at = backend.allocateInts(3);
        NdArray x = of(1, 3, 3, 7, 7, 7, -5, -4, -4);
        kernels.argmax(3, 3, x.storage(), at);
        int[] positions = new int[3];
        at.read(positions, 0, 3);
        assertThat(positions).containsExactly(1, 0, 1);
    }

    @Test
    void scatterAddsWhatIsThere() {
        IntStorage rows = backend.allocateInts(3);
        rows.write(new int[] {1, 0, 1}, 0, 3);
        NdArray y = of(100, 100, 100, 100);
        kernels.scatterAddRows(3, 2, of(1, 2, 3, 4, 5, 6).storage(), rows, y.storage());
        assertThat(y.toArray()).containsExactly(103, 104, 106, 108);
    }

    @Test
    void blocksLeaveTheirSurroundings() {
        NdArray y = of(9, 9, 9, 9, 9, 9, 9, 9);
        kernels.copyBlock(new BlockCopy(2, 2, 1, 3, 1, 4), of(1, 2, 3, 4, 5, 6).storage(), y.storage());
        assertThat(y.toArray()).containsExactly(9, 2, 3, 9, 9, 5, 6, 9);
    }

    @Test
    void setRowsOverwritesRowsInPlace() {
        NdArray y = of(1, 2, 3, 4, 5, 6).reshape(3, 2);
        y.setRows(1, of(7, 8, 9, 10).reshape(2, 2), 1);
        assertThat(y.toArray()).containsExactly(1, 2, 7, 8, 5, 6);
    }

    @Test
    void foldIsTheTransposeOfUnfold() {
        WindowShape windows = new WindowShape(1, 1, 3, 3, 2, 1, 1);
        NdArray x = of(1, 2, 3, 4, 5, 6, 7, 8, 9);
        NdArray y = of(new float[windows.rows() * windows.cols()]);
        kernels.unfold(windows, x.storage(), y.storage());
        assertThat(windows.rows()).isEqualTo(16);
        assertThat(y.toArray()).startsWith(0, 0, 0, 1, 0, 0, 1, 2).endsWith(9, 0, 0, 0);
        NdArray back = of(new float[9]);
        kernels.fold(windows, y.storage(), back.storage());
        assertThat(back.toArray()).containsExactly(4, 8, 12, 16, 20, 24, 28, 32, 36); // each lies under four windows
    }

    @Test
    void softmaxBearsLargeAndForbiddenNumbers() {
        NdArray y = of(new float[4]);
        kernels.softmax(
                new MatrixShape(2, 2),
                of(1000, 1000, Float.NEGATIVE_INFINITY, -1000).storage(),
                y.storage());
        assertThat(y.toArray()).containsExactly(0.5f, 0.5f, 0, 1);
    }

    @Test
    void aRowOfZerosHasNoDirection() {
        NdArray y = of(7, 7);
        NdArray norm = of(7);
        kernels.l2Normalize(new MatrixShape(1, 2), 1e-12f, of(0, 0).storage(), y.storage(), norm.storage());
        assertThat(y.toArray()).containsOnly(0);
    }

    /** The first step moves by the rate whatever the gradient: m̂/√v̂ is its sign. */
    @Test
    void theFirstAdamStepMovesByTheRate() {
        NdArray p = of(1, -1, 2);
        NdArray m = of(0, 0, 0);
        NdArray v = of(0, 0, 0);
        AdamStep step = new AdamStep(0.1f, 0.5f, 0.9f, 0.999f, 0, 1);
        kernels.adamW(step, 3, p.storage(), of(3, -0.001f, 50).storage(), m.storage(), v.storage());
        assertThat(p.toArray()).containsExactly(new float[] {0.85f, -0.85f, 1.8f}, within(1e-6f));
        assertThat(m.toArray()).containsExactly(new float[] {0.3f, -0.0001f, 5}, within(1e-6f));
        assertThat(v.toArray()).containsExactly(new float[] {0.009f, 1e-9f, 2.5f}, within(1e-4f));
    }
}
