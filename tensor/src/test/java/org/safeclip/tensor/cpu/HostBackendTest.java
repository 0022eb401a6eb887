package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** Who owns memory, and for how long. */
final class HostBackendTest {
    private final Backend backend = new ScalarProvider().open();

    @Test
    void useAfterTheScopeClosedThrowsByName() {
        NdArray inside;
        try (Scope _ = backend.scope()) {
            inside = NdArray.of(backend, Shape.of(3), 1, 2, 3);
        }
        String[] words = {"3 floats", "after its scope closed"};
        assertThatThrownBy(inside::toArray)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(words);
        assertThatThrownBy(() -> inside.set(1, 2, 3)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> inside.add(inside)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryBelongsToTheInnermostScope() {
        NdArray outside = NdArray.full(backend, Shape.of(2), 1);
        try (Scope _ = backend.scope()) {
            NdArray outer = NdArray.full(backend, Shape.of(2), 2);
            NdArray inner;
            try (Scope _ = backend.scope()) {
                inner = outer.add(outside);
                assertThat(inner.toArray()).containsOnly(3);
            }
            assertThatThrownBy(inner::toArray).isInstanceOf(IllegalStateException.class);
            NdArray after = NdArray.full(backend, Shape.of(2), 9); // may take the memory of inner, not of outer
            assertThat(outer.toArray()).containsOnly(2);
            assertThat(after.toArray()).containsOnly(9);
        }
        assertThat(outside.toArray()).containsOnly(1);
    }

    @Test
    void scopesCloseInnermostFirstAndOnce() {
        Scope outer = backend.scope();
        Scope inner = backend.scope();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("innermost");
        inner.close();
        assertThatThrownBy(inner::close).isInstanceOf(IllegalStateException.class);
        outer.close();
    }

    @Test
    void aScopeClosedByAnExceptionGivesItsMemoryBack() {
        float[][] array = new float[1][];
        assertThatThrownBy(() -> {
                    try (Scope _ = backend.scope()) {
                        array[0] = HostStorage.array(backend.allocate(100));
                        throw new IllegalArgumentException("broken off");
                    }
                })
                .hasMessage("broken off");
        try (Scope _ = backend.scope()) {
            assertThat(HostStorage.array(backend.allocate(100))).isSameAs(array[0]);
        }
    }

    @Test
    void sizesOfOneClassShareArrays() {
        float[] first;
        try (Scope _ = backend.scope()) {
            first = HostStorage.array(backend.allocate(1000));
        }
        try (Scope _ = backend.scope()) {
            Storage slightlyShorter = backend.allocate(970);
            assertThat(HostStorage.array(slightlyShorter)).isSameAs(first);
            assertThat(slightlyShorter.length()).isEqualTo(970);
            assertThat(HostStorage.array(backend.allocate(970))).isNotSameAs(first);
        }
    }

    @Test
    void sizeClassesWasteAtMostAnEighth() {
        assertThat(HostBackend.sizeClass(0)).isEqualTo(64);
        assertThat(HostBackend.sizeClass(64)).isEqualTo(64);
        int last = 0;
        for (int length = 65; length < 1 << 16; length++) {
            int size = HostBackend.sizeClass(length);
            assertThat(size).isGreaterThanOrEqualTo(Math.max(length, last)).isLessThanOrEqualTo(length + length / 8);
            assertThat(HostBackend.sizeClass(size)).isEqualTo(size);
            last = size;
        }
        assertThat(HostBackend.sizeClass(1 << 30)).isEqualTo(1 << 30);
    }

    @Test
    void aSteadyStepAllocatesNothing() {
        Set<float[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Backend watched = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, args) -> {
                    Object result = method.invoke(backend, args);
                    if (result instanceof Storage storage) {
                        seen.add(HostStorage.array(storage));
                    }
                    return result;
                });
        Tensor w = Tensor.parameter(NdArray.full(watched, Shape.of(40, 30), 0.1f));
        step(watched, w);
        int arrays = seen.size();
        assertThat(arrays).isGreaterThan(5);
        for (int i = 0; i < 3; i++) {
            step(watched, w);
            assertThat(seen).hasSize(arrays);
        }
    }

    private static void step(Backend backend, Tensor w) {
        try (Scope _ = backend.scope()) {
            Tensor x = Tensor.constant(NdArray.full(backend, Shape.of(20, 30), 0.5f));
            Tensor loss = x.linear(w, null)
                    .gelu()
                    .softmax()
                    .mul(x.sum(1).reshape(20, 1))
                    .sum();
            Gradients gradients = loss.backward();
            w.value().addInPlace(gradients.of(w));
        }
    }

    @Test
    void integersTravel() {
        var ids = backend.allocateInts(4);
        ids.write(new int[] {9, 1, 2, 3}, 1, 3);
        int[] back = new int[5];
        ids.read(back, 2, 3);
        assertThat(back).containsExactly(0, 0, 1, 2, 3);
        assertThat(ids.length()).isEqualTo(4);
    }
}
