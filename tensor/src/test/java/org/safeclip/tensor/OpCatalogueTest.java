package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.check.OpCase;
import org.safeclip.tensor.check.OpCases;
import org.safeclip.tensor.cpu.ScalarProvider;

/** The catalogue leaves nothing out and says what it tests. */
final class OpCatalogueTest {
    private static final Backend BACKEND = new ScalarProvider().open();

    private static List<Class<?>> records() {
        return Arrays.stream(Op.class.getPermittedSubclasses())
                .<Class<?>>map(c -> c)
                .toList();
    }

    @Test
    void everyRecordOfOpHasACase() {
        Set<Class<?>> tested = new HashSet<>();
        OpCases.all().forEach(each -> tested.add(each.op()));
        assertThat(tested).as("records of Op with a line in OpCases").containsAll(records());
    }

    @Test
    void everyFunctionHasACase() {
        for (Unary f : Unary.values()) {
            assertThat(OpCases.all())
                    .as(f + " has a line in OpCases")
                    .anyMatch(each -> value(each).toString().startsWith("Apply[f=" + f + "]"));
        }
    }

    @Test
    void namesAreUnique() {
        assertThat(OpCases.all().stream().map(OpCase::name)).doesNotHaveDuplicates();
    }

    @Test
    void aCaseTestsTheOperationItNames() {
        for (OpCase each : OpCases.all()) {
            Class<? extends Op> op = each.op();
            if (op != null && op != Op.CrossEntropy.class) { // the kernel takes the mean of what that record gives
                assertThat(value(each).toString()).as(each.name()).startsWith(op.getSimpleName() + "[");
            }
        }
    }

    private static Tensor value(OpCase each) {
        float[][] numbers = each.draw(1);
        Tensor[] x = new Tensor[numbers.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensor.parameter(NdArray.of(BACKEND, each.inputs().get(i).shape(), numbers[i]));
        }
        return each.formula().of(x);
    }
}
