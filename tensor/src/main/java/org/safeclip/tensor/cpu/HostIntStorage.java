package org.safeclip.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.IntStorage;

/** Integers on the heap; use after their scope has closed throws. */
final class HostIntStorage implements IntStorage {
    private final int length;
    private int @Nullable [] array;

    HostIntStorage(int length, int... array) {
        this.length = length;
        this.array = array;
    }

    /** The array behind a storage of this backend; it may be longer than the storage. */
    static int[] array(IntStorage ids) {
        return ((HostIntStorage) ids).array();
    }

    private int[] array() {
        int[] live = array;
        if (live == null) {
            throw new IllegalStateException("a run of " + length
                    + " integers was used after its scope closed; read it before, or allocate it outside");
        }
        return live;
    }

    /** Detaches and returns the array; later use throws. */
    int[] release() {
        int[] live = array();
        array = null;
        return live;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void read(int[] to, int offset, int count) {
        System.arraycopy(array(), 0, to, offset, count);
    }

    @Override
    public void write(int[] from, int offset, int count) {
        System.arraycopy(from, offset, array(), 0, count);
    }
}
