package org.safeclip.tensor.check;

import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Ids;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/**
 * A backend whose fresh memory is full of NaN: what {@link Backend#allocate} promises is "undefined", and this is the
 * worst undefined.
 */
record PoisonedBackend(Backend healthy) implements Backend {
    @Override
    public String name() {
        return healthy.name();
    }

    @Override
    public String describe() {
        return healthy.describe();
    }

    @Override
    public Kernels kernels() {
        return healthy.kernels();
    }

    @Override
    public Storage allocate(int length) {
        Storage storage = healthy.allocate(length);
        healthy.kernels().fill(length, Float.NaN, storage);
        return storage;
    }

    @Override
    public Ids allocateIds(int length) {
        return healthy.allocateIds(length);
    }

    @Override
    public Scope scope() {
        return healthy.scope();
    }

    @Override
    public void finish() {
        healthy.finish();
    }

    @Override
    public void close() {
        healthy.close();
    }
}
