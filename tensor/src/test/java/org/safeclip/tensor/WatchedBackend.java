package org.safeclip.tensor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.check.ForwardingBackend;

/** A backend that counts what is allocated, and lets a test do something else in place of one kernel. */
final class WatchedBackend implements ForwardingBackend {
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
    public Backend backend() {
        return watched;
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
}
