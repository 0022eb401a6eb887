package org.safeclip.tensor.check;

import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Storage;

/**
 * A backend whose fresh memory is filled with NaN, so that a read of uninitialised memory shows in the result.
 */
record NanFilledBackend(Backend backend) implements ForwardingBackend {
    @Override
    public Storage allocate(int length) {
        Storage storage = backend.allocate(length);
        backend.kernels().fill(length, Float.NaN, storage);
        return storage;
    }
}
