package org.safeclip.tensor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** A backend that counts what is allocated, and lets a test do something else in place of one kernel. */
final class WatchedBackend implements Backend {
    private final Backend watched;
    private final Kernels kernels;
    private int allocations;

    private WatchedBackend(Backend watched, Kernels kernels) {
        this.watched = watched;
        this.kernels = kernels;
    }

    /** What to do in place of a kernel; running {@code call} does what the kernel would have done. */
    @FunctionalInterface
    interface Instead {
        void act(Runnable call, Object... args);
    }

    static WatchedBackend counting(Backend watched) {
        return new WatchedBackend(watched, watched.kernels());
    }

    static WatchedBackend instead(Backend watched, String kernel, Instead instead) {
        Kernels healthy = watched.kernels();
        Kernels faulty = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, args) -> {
                    Runnable call = () -> {
                        try {
                            method.invoke(healthy, args);
                        } catch (IllegalAccessException | InvocationTargetException e) {
                            throw new IllegalStateException(e);
                        }
                    };
                    if (method.getName().equals(kernel)) {
                        instead.act(call, args);
                    } else {
                        call.run();
                    }
                    return null;
                });
        return new WatchedBackend(watched, faulty);
    }

    /** Storages handed out so far. */
    int allocations() {
        return allocations;
    }

    @Override
    public String name() {
        return watched.name();
    }

    @Override
    public String describe() {
        return watched.describe();
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Storage allocate(int length) {
        allocations++;
        return watched.allocate(length);
    }

    @Override
    public IntStorage allocateInts(int length) {
        return watched.allocateInts(length);
    }

    @Override
    public Scope scope() {
        return watched.scope();
    }

    @Override
    public void finish() {
        watched.finish();
    }

    @Override
    public void close() {
        watched.close();
    }
}
