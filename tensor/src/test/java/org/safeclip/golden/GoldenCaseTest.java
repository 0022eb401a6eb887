package org.safeclip.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** A check that forgets something of a case fails, and so does one that is wrong. */
final class GoldenCaseTest {
    @Test
    void whatACheckForgetsFailsIt() {
        assertThatThrownBy(() -> run(golden -> {}))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "ops/avgpool2d/k2", "attribute stride", "inputs x", "outputs y", "dy y", "grads x");
    }

    @Test
    void whatIsLeftOutNeedsAReason() {
        Golden.Check rest = golden -> {
            golden.attrs().require("stride", 2);
            golden.f32("inputs", "x");
            golden.f32("dy", "y");
            golden.leave("tested elsewhere", "grads", "x");
            golden.assertClose("y", golden.numbers("outputs", "y"));
        };
        assertThatThrownBy(() -> run(rest)).hasMessageContaining("attribute kernel");
        assertThatCode(() -> run(golden -> {
                    rest.run(golden);
                    golden.attrs().leave("the pool is always this large", "kernel");
                }))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> run(golden -> golden.leave(" ", "grads", "x"))).hasMessageContaining("reason");
    }

    @Test
    void anAttributeThatCannotBeComputedFailsBeforeAnythingIsCompared() {
        assertThatThrownBy(() -> run(golden -> golden.attrs().require("stride", 3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("stride is 2.0", "only 3", "Golden.SKIPPED");
    }

    @Test
    void wrongNumbersAndNoNumbersFail() {
        GoldenCase golden = GoldenCase.of(Map.of(
                "id",
                "ops/avgpool2d/k2",
                "file",
                "ops.safetensors",
                "op",
                "avgpool2d",
                "outputs",
                Map.of("y", "ops/avgpool2d/k2/out/y"),
                "tol",
                Map.of("outputs", Map.of("y", java.util.List.of(1e-3, 0.0)))));
        double[] right = golden.numbers("y");
        golden.assertClose("y", right);
        double[] wrong = right.clone();
        wrong[3] += .002;
        assertThatThrownBy(() -> golden.assertClose("y", wrong)).hasMessageContaining("y[3]");
        wrong[3] = Double.NaN;
        assertThatThrownBy(() -> golden.assertClose("y", wrong)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> golden.assertClose("y", 1.0)).hasMessageContaining("1 numbers");
    }

    @Test
    void aFractionIsNoInteger() {
        GoldenAttributes attributes = new GoldenAttributes("case", Map.of("total", 10.5));
        assertThat(attributes.number("total")).isEqualTo(10.5);
        assertThatThrownBy(() -> attributes.integer("total")).hasMessageContainingAll("total", "10.5", "whole");
    }

    @Test
    void anOperationWithoutACaseIsAMistake() {
        assertThatThrownBy(() -> Golden.tests("no such thing")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void run(Golden.Check check) throws Throwable {
        for (DynamicTest test : Golden.tests("avgpool2d").check(check).toList()) {
            test.getExecutable().execute();
        }
    }
}
