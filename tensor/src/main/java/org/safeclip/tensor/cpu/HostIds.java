package org.safeclip.tensor.cpu;

import org.safeclip.tensor.backend.Ids;

/** Integers in the heap. They are few, so they are left to the collector. */
final class HostIds implements Ids {
    private final int[] array;

    HostIds(int length) {
        this.array = new int[length];
    }

    /** The integers behind ids of this backend. */
    static int[] array(Ids ids) {
        return ((HostIds) ids).array;
    }

    @Override
    public int length() {
        return array.length;
    }

    @Override
    public void read(int[] to, int offset, int count) {
        System.arraycopy(array, 0, to, offset, count);
    }

    @Override
    public void write(int[] from, int offset, int count) {
        System.arraycopy(from, offset, array, 0, count);
    }
}
