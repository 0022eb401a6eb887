package org.safeclip.model;

import java.lang.reflect.Proxy;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** A backend that knows how large everything is and keeps none of it: models of any size for tests of names and shapes. */
final class Weightless implements Backend {
    private static final Kernels NOTHING = (Kernels) Proxy.newProxyInstance(
            Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, verb, arguments) -> null);

    private record Size(int length) implements Storage {
        @Override
        public void read(float[] to, int offset, int count) {
            throw new UnsupportedOperationException("a weightless backend keeps no numbers");
        }

        @Override
        public void write(float[] from, int offset, int count) {}
    }

    @Override
    public String name() {
        return "weightless";
    }

    @Override
    public String describe() {
        return "sizes without numbers";
    }

    @Override
    public Kernels kernels() {
        return NOTHING;
    }

    @Override
    public Storage allocate(int length) {
        return new Size(length);
    }

    @Override
    public IntStorage allocateInts(int length) {
        throw new UnsupportedOperationException("a weightless backend computes nothing");
    }

    @Override
    public Scope scope() {
        return () -> {};
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
