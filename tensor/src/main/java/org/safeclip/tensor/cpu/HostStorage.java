package org.safeclip.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Storage;

/** Floats on the heap; use after their scope has closed throws. */
final class HostStorage implements Storage {
    private final int length;
    private float @Nullable [] array;

    HostStorage(int length, float[] array) {
        this.length = length;
        this.array = array;
    }

    /** The array behind a storage of this backend; it may be longer than the storage. */
    static float[] array(Storage storage) {
        return ((HostStorage) storage).array();
    }

    float[] array() {
        float[] live = array;
        if (live == null) {
            throw new IllegalStateException("a storage of " + length
                    + " floats was used after its scope closed; read it before, or allocate it outside");
        }
        return live;
    }

    /** Detaches and returns the array; later use throws. */
    float[] release() {
        float[] live = array();
        array = null;
        return live;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void read(float[] to, int offset, int count) {
        System.arraycopy(array(), 0, to, offset, count);
    }

    @Override
    public void write(float[] from, int offset, int count) {
        System.arraycopy(from, offset, array(), 0, count);
    }
}
