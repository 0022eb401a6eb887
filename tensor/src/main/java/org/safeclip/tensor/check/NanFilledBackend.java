package org.safeclip.tensor.check;

import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/**
 * A backend whose fresh memory is filled with NaN, so that a read of uninitialised memory shows in the result.
 */
record NanFilledBackend(Backend backend) implements Backend {
    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String describe() {
        return backend.describe();
    }

    @Override
    public Kernels kernels() {
        return backend.kernels();
    }

    @Override
    public Storage allocate(int length) {
        Storage storage = backend.allocate(length);
        backend.kernels().fill(length, Float.NaN, storage);
        return storage;
    }

    @Override
    public IntStorage allocateInts(int length) {
        return backend.allocateInts(length);
    }

    @Override
    public Scope scope() {
        return backend.scope();
    }

    @Override
    public boolean sharesHost() {
        return backend.sharesHost();
    }

    @Override
    public Scope scope(Precision precision) {
        return backend.scope(precision);
    }

    @Override
    public Precision products(Precision wanted) {
        return backend.products(wanted);
    }

    @Override
    public void finish() {
        backend.finish();
    }

    @Override
    public void close() {
        backend.close();
    }
}
