package org.safeclip.tensor.check;

import org.safeclip.tensor.backend.Activity;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** A backend that leaves everything to another; implementations override what they watch or change. */
public interface ForwardingBackend extends Backend {
    /** The backend that does the work. */
    Backend backend();

    @Override
    default String name() {
        return backend().name();
    }

    @Override
    default String describe() {
        return backend().describe();
    }

    @Override
    default Kernels kernels() {
        return backend().kernels();
    }

    @Override
    default Storage allocate(int length) {
        return backend().allocate(length);
    }

    @Override
    default IntStorage allocateInts(int length) {
        return backend().allocateInts(length);
    }

    @Override
    default Scope scope() {
        return backend().scope();
    }

    @Override
    default Scope scope(Precision precision) {
        return backend().scope(precision);
    }

    @Override
    default Precision products(Precision wanted) {
        return backend().products(wanted);
    }

    @Override
    default void finish() {
        backend().finish();
    }

    @Override
    default boolean sharesHost() {
        return backend().sharesHost();
    }

    @Override
    default Activity activity() {
        return backend().activity();
    }

    @Override
    default void close() {
        backend().close();
    }
}
