package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.cpu.ScalarProvider;

/** Laws of history and gradients, whatever the operation. */
final class TensorLawsTest {
    private static final Backend BACKEND = new ScalarProvider().open();

    private static NdArray array(Backend backend, int... dims) {
        Shape shape = Shape.of(dims);
        float[] numbers = new float[shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i + 1;
        }
        return NdArray.of(backend, shape, numbers);
    }

    private static Tensor parameter(int... dims) {
        return Tensor.parameter(array(BACKEND, dims));
    }

    @Test
    void diamondsAccumulate() {
        Tensor x = parameter(3);
        Tensor square = x.mul(x);
        Gradients gradients = square.add(square).add(x).sum().backward(); // d(2x² + x) = 4x + 1
        assertThat(gradients.of(x).toArray()).containsExactly(5, 9, 13);
    }

    @Test
    void aChainOfDiamondsIsWalkedOnce() {
        Tensor x = parameter(1);
        Tensor y = x;
        for (int i = 0; i < 100; i++) { // 2^100 paths
            y = y.add(y);
        }
        assertThat(y.sum().backward().of(x).item()).isEqualTo((float) Math.pow(2, 100));
    }

    @Test
    void aLongChainNeedsNoDeepStack() {
        Tensor x = parameter(1);
        Tensor y = x;
        for (int i = 0; i < 50_000; i++) {
            y = y.affine(1, 1);
        }
        assertThat(y.backward().of(x).item()).isEqualTo(1);
    }

    @Test
    void addingAGradientChangesNoOther() {
        Tensor a = parameter(2);
        Tensor b = parameter(2);
        Gradients gradients = a.add(b).add(a).sum().backward(); // both begin as the same incoming gradient
        assertThat(gradients.of(a).toArray()).containsExactly(2, 2);
        assertThat(gradients.of(b).toArray()).containsExactly(1, 1);
    }

    @Test
    void backwardTwiceGivesTheSame() {
        Tensor x = parameter(3);
        Tensor loss = x.mul(x).sum();
        assertThat(loss.backward().of(x).toArray()).containsExactly(2, 4, 6);
        assertThat(loss.backward().of(x).toArray()).containsExactly(2, 4, 6);
    }

    @Test
    void theGradientOfALeafItselfIsOne() {
        Tensor x = parameter();
        assertThat(x.backward().of(x).item()).isEqualTo(1);
    }

    @Test
    void whatComesFromConstantsIsAConstant() {
        Tensor x = Tensor.constant(array(BACKEND, 2, 3));
        Tensor gamma = Tensor.constant(array(BACKEND, 3));
        assertThat(x.mul(x).softmax()).hasToString("constant[2, 3]");
        assertThat(x.batchNorm2d(gamma, gamma, 1e-5f, (mean, variance) -> {})).hasToString("constant[2, 3]");
        Tensor loss = x.sum();
        assertThat(loss.backward().has(x)).isFalse();
    }

    @Test
    void untrackedInputsCostNothing() {
        assertCheaper((x, w) -> x.matmul(w), 1);
        assertCheaper((x, w) -> w.matmul(x), 1);
        assertCheaper((x, w) -> x.linear(w, null), 1);
        assertCheaper((x, w) -> x.mul(w), 1);
        assertCheaper((x, w) -> w.sub(x), 1);
        assertCheaper((x, w) -> w.div(x), 2); // dx = −(dy / x)·y: the quotient is needed for dw too
        assertCheaper((x, w) -> Tensor.concat(0, x, w), 1);
        assertCheaper((x, w) -> x.affine(2, 1).exp().add(w), 2); // nothing flows into the branch at all
    }

    /** How many arrays fewer a backward pass makes where x is data and not a parameter. */
    private static void assertCheaper(BinaryOperator<Tensor> f, int fewer) {
        assertThat(allocations(f, true) - allocations(f, false)).isEqualTo(fewer);
    }

    private static int allocations(BinaryOperator<Tensor> f, boolean tracked) {
        WatchedBackend counting = WatchedBackend.counting(BACKEND);
        NdArray value = array(counting, 4, 4);
        Tensor x = tracked ? Tensor.parameter(value) : Tensor.constant(value);
        Tensor y = f.apply(x, Tensor.parameter(array(counting, 4, 4)));
        NdArray dy = array(counting, y.shape().dims());
        int before = counting.allocations();
        assertThat(y.backward(dy).has(x)).isEqualTo(tracked);
        return counting.allocations() - before;
    }

    @Test
    void innerGradientsAreGivenUp() {
        Tensor x = parameter(2);
        Tensor inner = x.exp();
        Gradients gradients = inner.sum().backward();
        assertThat(gradients.has(x)).isTrue();
        assertThat(gradients.has(inner)).isFalse();
    }

    @Test
    void backwardOfManyNumbersIsRefused() {
        assertThatThrownBy(() -> parameter(2, 3).backward())
                .isInstanceOf(ShapeException.class)
                .hasMessageContainingAll("backward", "one number", "[2, 3]");
        assertThatThrownBy(() -> parameter(2, 3).backward(array(BACKEND, 3, 2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContainingAll("backward", "[3, 2]", "[2, 3]");
    }

    @Test
    void aGradientThatIsNotThereIsRefused() {
        Tensor x = parameter(2);
        Tensor other = parameter(7, 5);
        Gradients gradients = x.sum().backward();
        assertThat(gradients.has(other)).isFalse();
        assertThatThrownBy(() -> gradients.of(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("does not depend", "[7, 5]");
    }

    @Test
    void aGradientOutlivesNoScope() {
        Tensor x = parameter(2);
        Gradients gradients;
        try (Scope _ = BACKEND.scope()) {
            gradients = x.mul(x).sum().backward();
        }
        assertThatThrownBy(() -> gradients.of(x).toArray())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("scope");
        assertThat(x.value().toArray()).containsExactly(1, 2);
    }

    @Test
    void statisticsOfABatchAreThoseOfItsChannels() {
        Tensor x = Tensor.constant(NdArray.of(BACKEND, Shape.of(2, 2), 1, 10, 3, 30));
        Tensor one = Tensor.constant(NdArray.full(BACKEND, Shape.of(2), 1));
        Tensor y = x.batchNorm2d(one, one, 0, (mean, variance) -> {
            assertThat(mean.toArray()).containsExactly(2, 20);
            assertThat(variance.toArray()).containsExactly(1, 100); // biased
        });
        assertThat(y.value().toArray()).containsExactly(0, 0, 2, 2);
    }
}
