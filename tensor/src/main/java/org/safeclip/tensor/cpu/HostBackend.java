package org.safeclip.tensor.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/**
 * The CPU as a device: its kernels and a pool of arrays keyed by size class, so that a steady-state step allocates
 * nothing on the heap but small handles.
 */
final class HostBackend implements Backend {
    private final String name;
    private final String description;
    private final Kernels kernels;
    private final List<ArrayDeque<float[]>> floats = new ArrayList<>(); // free arrays, by number of size class
    private final List<ArrayDeque<int[]>> integers = new ArrayList<>();
    private final ArrayDeque<HostScope> scopes = new ArrayDeque<>();
    private final List<HostStorage> owned = new ArrayList<>(); // of all open scopes, outermost first
    private final List<HostIntStorage> ownedInts = new ArrayList<>();

    HostBackend(String name, String description, Kernels kernels) {
        this.name = name;
        this.description = description;
        this.kernels = kernels;
        for (int i = 0; i <= sizeNumber(Integer.MAX_VALUE); i++) {
            floats.add(new ArrayDeque<>());
            integers.add(new ArrayDeque<>());
        }
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

    /** Index of the size class, from 0. */
    private static int sizeNumber(int length) {
        if (length <= 64) {
            return 0;
        }
        int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length - 1); // 6 and more
        int eighths = ((length - 1) >>> (power - 3)) + 1; // 9 to 16 of this power
        return (power - 6) * 8 + eighths - 8;
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
        if (scopes.isEmpty()) {
            return new HostStorage(length, new float[length]);
        }
        float[] array = floats.get(sizeNumber(length)).poll();
        HostStorage storage = new HostStorage(length, array == null ? new float[sizeClass(length)] : array);
        owned.add(storage);
        return storage;
    }

    @Override
    public IntStorage allocateInts(int length) {
        if (scopes.isEmpty()) {
            return new HostIntStorage(length, new int[length]);
        }
        int[] array = integers.get(sizeNumber(length)).poll();
        HostIntStorage ids = new HostIntStorage(length, array == null ? new int[sizeClass(length)] : array);
        ownedInts.add(ids);
        return ids;
    }

    @Override
    public Scope scope() {
        HostScope scope = new HostScope();
        scopes.push(scope);
        return scope;
    }

    @Override
    public void finish() {
        // Every kernel has done its work when it returns.
    }

    @Override
    public void close() {
        floats.forEach(ArrayDeque::clear);
        integers.forEach(ArrayDeque::clear);
    }

    /** Owns what was allocated since it opened. */
    private final class HostScope implements Scope {
        private final int first = owned.size();
        private final int firstIds = ownedInts.size();

        @Override
        public void close() {
            if (scopes.peek() != this) {
                throw new IllegalStateException("scopes must be closed once, innermost first");
            }
            scopes.pop();
            for (int i = owned.size() - 1; i >= first; i--) {
                float[] array = owned.remove(i).release();
                floats.get(sizeNumber(array.length)).push(array);
            }
            for (int i = ownedInts.size() - 1; i >= firstIds; i--) {
                int[] array = ownedInts.remove(i).release();
                integers.get(sizeNumber(array.length)).push(array);
            }
        }
    }
}
