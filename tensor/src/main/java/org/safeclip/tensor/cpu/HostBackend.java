package org.safeclip.tensor.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Ids;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/**
 * The processor as a device: some kernels, and a pool of arrays keyed by size class, so that a steady step allocates
 * nothing from the collector but small handles.
 */
final class HostBackend implements Backend {
    private final String name;
    private final String description;
    private final Kernels kernels;
    private final Map<Integer, ArrayDeque<float[]>> pool = new HashMap<>();
    private final ArrayDeque<HostScope> scopes = new ArrayDeque<>();

    HostBackend(String name, String description, Kernels kernels) {
        this.name = name;
        this.description = description;
        this.kernels = kernels;
    }

    /**
     * Sizes grow in steps of an eighth of a power of two: sequences of slightly different length share arrays, and at
     * most an eighth is wasted.
     */
    static int sizeClass(int length) {
        if (length <= 64) {
            return 64;
        }
        int step = Integer.highestOneBit(length - 1) >>> 3;
        return Math.toIntExact(((long) length + step - 1) / step * step);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        return description;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Storage allocate(int length) {
        HostScope scope = scopes.peek();
        if (scope == null) {
            return new HostStorage(length, new float[length]);
        }
        int size = sizeClass(length);
        ArrayDeque<float[]> free = pool.get(size);
        float[] array = free == null ? null : free.poll();
        HostStorage storage = new HostStorage(length, array == null ? new float[size] : array);
        scope.owned.add(storage);
        return storage;
    }

    @Override
    public Ids allocateIds(int length) {
        return new HostIds(length);
    }

    @Override
    public Scope scope() {
        HostScope scope = new HostScope();
        scopes.push(scope);
        return scope;
    }

    @Override
    public void finish() {
        // Every verb has done its work when it returns.
    }

    @Override
    public void close() {
        pool.clear();
    }

    /** The storages of one step. */
    private final class HostScope implements Scope {
        private final List<HostStorage> owned = new ArrayList<>();

        @Override
        public void close() {
            if (scopes.peek() != this) {
                throw new IllegalStateException("scopes must be closed once, innermost first");
            }
            scopes.pop();
            for (HostStorage storage : owned) {
                float[] array = storage.release();
                pool.computeIfAbsent(array.length, size -> new ArrayDeque<>()).push(array);
            }
            owned.clear();
        }
    }
}
