package org.safeclip.opencl;

import org.jocl.Pointer;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.IntStorage;

/** Integers on a device; use after their scope has closed throws. */
final class DeviceIntStorage implements IntStorage, Pooled {
    private final Queue queue;
    private final int length;
    private @Nullable Block block;

    DeviceIntStorage(Queue queue, int length, Block block) {
        this.queue = queue;
        this.length = length;
        this.block = block;
    }

    /** The memory behind a storage of this backend. */
    static cl_mem memory(IntStorage ids) {
        return ((DeviceIntStorage) ids).live().memory();
    }

    private Block live() {
        Block live = block;
        if (live == null) {
            throw new IllegalStateException(
                    length + " ids were used after their scope closed; read them before, or allocate them outside");
        }
        return live;
    }

    @Override
    public Block release() {
        Block live = live();
        block = null;
        return live;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void read(int[] to, int offset, int count) {
        cl_mem memory = live().memory();
        if (count > 0) {
            queue.read(
                    memory, Pointer.to(to).withByteOffset((long) offset * Integer.BYTES), (long) count * Integer.BYTES);
        }
    }

    @Override
    public void write(int[] from, int offset, int count) {
        cl_mem memory = live().memory();
        if (count > 0) {
            queue.write(
                    memory,
                    Pointer.to(from).withByteOffset((long) offset * Integer.BYTES),
                    (long) count * Integer.BYTES);
        }
    }
}
