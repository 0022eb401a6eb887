package org.safeclip.opencl;

import org.jocl.Pointer;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Storage;

/** Floats on a device; use after their scope has closed throws. */
final class DeviceBuffer implements Storage, Pooled {
    private final Queue queue;
    private final int length;
    private @Nullable Block block;
    private boolean late;

    DeviceBuffer(Queue queue, int length, Block block) {
        this.queue = queue;
        this.length = length;
        this.block = block;
    }

    /** The memory behind a storage of this backend. */
    static cl_mem memory(Storage storage) {
        return ((DeviceBuffer) storage).live().memory();
    }

    private Block live() {
        Block live = block;
        if (live == null) {
            throw new IllegalStateException("a storage of " + length
                    + " floats was used after its scope closed; read it before, or allocate it outside");
        }
        if (late) {
            queue.sums().run(this);
        }
        return live;
    }

    /** Marks the memory as the result of a sum that is not enqueued yet: its first use does that. */
    void late() {
        late = true;
    }

    /** The sum is enqueued. */
    void inTime() {
        late = false;
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
    public void read(float[] to, int offset, int count) {
        cl_mem memory = live().memory();
        if (count > 0) {
            queue.read(memory, Pointer.to(to).withByteOffset((long) offset * Float.BYTES), (long) count * Float.BYTES);
        }
    }

    @Override
    public void write(float[] from, int offset, int count) {
        cl_mem memory = live().memory();
        if (count > 0) {
            queue.write(
                    memory, Pointer.to(from).withByteOffset((long) offset * Float.BYTES), (long) count * Float.BYTES);
        }
    }
}
