package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.cpu.ScalarProvider;

/** Shapes that do not fit are refused in one line that names the operation and the shapes. */
final class RefusalTest {
    private static final Backend BACKEND = new ScalarProvider().open();

    private static Tensor t(int... dims) {
        return Tensor.parameter(NdArray.zeros(BACKEND, Shape.of(dims)));
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContainingAll(words);
        assertThatThrownBy(call).message().doesNotContain("\n");
    }

    @Test
    void arithmetic() {
        refused(() -> t(4, 5).add(t(4)), "ADD", "[4, 5]", "[4]", "5 against 4");
        refused(() -> t(2, 3).mul(t(3, 2)), "MUL", "[2, 3]", "[3, 2]");
        refused(() -> t(4).value().addInPlace(t(1).value()), "addInPlace", "[1]", "[4]");
    }

    @Test
    void moves() {
        refused(() -> t(2, 3).reshape(4, -1), "reshape", "[2, 3]", "[4, -1]");
        refused(() -> t(2, 3).reshape(-1, -1), "reshape", "[-1, -1]");
        refused(() -> t(2, 3).reshape(-2, -3), "reshape", "[-2, -3]");
        refused(() -> t(2, 3).permute(0), "permute", "[0]", "[2, 3]");
        refused(() -> t(2, 3).permute(0, 0), "permute", "[0, 0]", "[2, 3]");
        refused(() -> t(2, 3).permute(0, 2), "permute", "[0, 2]");
        refused(() -> t(2, 3).slice(1, 2, 4), "slice", "[2, 4)", "axis 1", "[2, 3]");
        refused(() -> t(2, 3).slice(2, 0, 1), "axis 2", "[2, 3]");
        refused(() -> Tensor.concat(0, t(2, 3), t(2, 4)), "concat", "axis 0", "[2, 3]", "[2, 4]");
        refused(() -> Tensor.concat(1, t(2, 3), t(2)), "concat", "[2, 3]", "[2]");
        refused(() -> t(2, 3).sum(2), "axis 2", "[2, 3]");
        refused(() -> t(1, 2, 3, 3).unfold(4, 1, 0), "unfold", "4", "[1, 2, 3, 3]");
        refused(() -> t(2, 3).unfold(1, 1, 0), "unfold", "[2, 3]");
        refused(() -> t(4, 3).value().setRows(2, t(3, 3).value(), 3), "setRows", "3 rows", "row 2", "[4, 3]");
        refused(() -> t(4, 3).value().setRows(0, t(2, 3).value(), 3), "setRows", "[2, 3]");
        refused(() -> t(4, 3).value().setRows(0, t(2, 2).value(), 1), "setRows", "[2, 2]", "[4, 3]");
    }

    @Test
    void products() {
        refused(() -> t(2, 3).matmul(t(2, 3)), "matmul", "[2, 3] by [2, 3]");
        refused(() -> t(2, 3).matmulTransposed(t(3, 4)), "matmul", "[3, 4] transposed");
        refused(() -> t(2, 3).transposedMatmul(t(3, 4)), "matmul", "[2, 3] transposed");
        refused(() -> t(2, 2, 3).matmul(t(3, 3, 4)), "matmul", "[2, 2, 3]", "[3, 3, 4]");
        refused(() -> t(3).matmul(t(3)), "matmul", "[3]");
        refused(() -> t(2, 3).linear(t(5, 4), null), "linear", "[2, 3]", "[5, 4]", "none");
        refused(() -> t(2, 3).linear(t(5, 3), t(3)), "linear", "bias [3]");
        refused(() -> t(1, 2, 5, 5).conv2d(t(4, 3, 3, 3), null, 1, 1), "conv2d", "[1, 2, 5, 5]", "[4, 3, 3, 3]");
        refused(() -> t(1, 2, 5, 5).conv2d(t(4, 2, 3, 2), null, 1, 1), "conv2d", "[4, 2, 3, 2]");
    }

    @Test
    void layers() {
        IntStorage two = BACKEND.allocateInts(2);
        refused(() -> t(2, 3).layerNorm(t(2), t(3), 1e-5f), "layerNorm", "[2, 3]", "[2]", "[3]");
        refused(() -> t(2, 3).batchNorm2d(t(2), t(2), 1e-5f, (m, v) -> {}), "batchNorm", "[2, 3]", "[2]");
        refused(() -> t(2, 3, 10).attention(2, false), "attention", "[2, 3, 10]", "2 heads");
        refused(() -> t(3, 12).attention(2, false), "attention", "[3, 12]");
        refused(() -> t(2, 3).value().nearest(t(4, 2).value()), "nearest", "[2, 3]", "[4, 2]");
        refused(() -> t(2, 3).value().nearest(t(0, 3).value()), "nearest", "[0, 3]");
        refused(() -> t(3, 4).crossEntropy(two), "crossEntropy", "[3, 4]", "2 targets");
    }

    @Test
    void batchNormalisationNeedsAShiftForEveryChannel() {
        refused(() -> t(2, 3).batchNorm2d(t(3), t(2), 1e-5f, (m, v) -> {}), "batchNorm", "beta [2]");
    }

    @Test
    void numbers() {
        refused(() -> t(2).item(), "item", "[2]");
        refused(() -> t(2).value().set(1, 2, 3), "set", "3 numbers", "[2]");
        refused(() -> Shape.of(2, -3), "negative", "[2, -3]");
        refused(() -> Shape.of(1 << 16, 1 << 15), "2^31");
    }

    @Test
    void emptyArraysAreArrays() {
        assertThat(t(0, 3).sum(0).value().toArray()).containsExactly(0, 0, 0);
        assertThat(t(2, 0).exp().shape()).isEqualTo(Shape.of(2, 0));
        assertThat(Tensor.concat(0, t(0, 3), t(2, 3)).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(t(2, 0).matmul(t(0, 3)).value().toArray()).containsOnly(0);
    }
}
