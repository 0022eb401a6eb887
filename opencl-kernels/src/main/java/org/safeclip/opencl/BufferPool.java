package org.safeclip.opencl;

import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clReleaseMemObject;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_mem;

/**
 * All memory of a device that a backend holds: blocks in use, and free ones by size class. The queue runs in order, so
 * a block may be used again as soon as the work that used it is enqueued.
 */
final class BufferPool implements AutoCloseable {
    /** System property: MiB of the device to use at most, where it is shared. */
    static final String LIMIT = "org.safeclip.opencl.memory";

    /**
     * System property: no block is larger than requested, so that a simulator detects the first access beyond its end.
     */
    static final String EXACT = "org.safeclip.opencl.exact";

    private static final int BYTES = 4;

    private final Queue queue;
    private final long limit;
    private final boolean exact = Boolean.getBoolean(EXACT);
    private final Map<Integer, ArrayDeque<Block>> free = new HashMap<>();
    private final List<Block> all = new ArrayList<>();
    private long held;
    private long idle;

    BufferPool(Queue queue) {
        this.queue = queue;
        Integer limit = Integer.getInteger(LIMIT);
        this.limit = limit == null
                ? queue.device().memory()
                : Math.min(queue.device().memory(), (long) limit << 20);
    }

    /**
     * Sizes grow in steps of an eighth of a power of two: sequences of slightly different length share blocks, and at
     * most an eighth is wasted.
     */
    static int sizeClass(int length) {
        if (length <= 64) {
            return 64;
        }
        int step = Integer.highestOneBit(length - 1) >>> 3;
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, ((long) length + step - 1) / step * step));
    }

    /** A block for that many numbers: a free one of its class, else a new one. */
    Block take(int length) {
        queue.requireOpen();
        int size = exact ? Math.max(1, length) : sizeClass(length);
        ArrayDeque<Block> fitting = free.get(size);
        Block block = fitting == null ? null : fitting.poll();
        if (block == null) {
            return make(size);
        }
        idle -= bytes(block);
        return block;
    }

    /** Returns a block to the pool. */
    void give(Block block) {
        idle += bytes(block);
        free.computeIfAbsent(block.size(), size -> new ArrayDeque<>()).push(block);
    }

    private Block make(int size) {
        long bytes = (long) size * BYTES;
        if (bytes > queue.device().largestBuffer()) {
            throw outOfMemory(bytes, "it allows " + mib(queue.device().largestBuffer()) + " in one buffer");
        }
        if (held + bytes > limit) {
            dropIdle();
        }
        if (held + bytes > limit) {
            throw outOfMemory(bytes, mib(held) + " of " + mib(limit) + " are in use");
        }
        Block block = new Block(createOrDropIdle(bytes), size);
        held += bytes;
        all.add(block);
        return block;
    }

    private cl_mem createOrDropIdle(long bytes) {
        try {
            return create(bytes);
        } catch (CLException e) {
            dropIdle();
        }
        try {
            return create(bytes);
        } catch (CLException e) {
            throw outOfMemory(bytes, mib(held) + " of " + mib(limit) + " are in use")
                    .because(e);
        }
    }

    private cl_mem create(long bytes) {
        return queue.handles().made(clCreateBuffer(queue.context(), CL_MEM_READ_WRITE, bytes, null, null));
    }

    /** Whether a status means out of memory: drivers differ in which they return, and when. */
    static boolean isMemoryStatus(int status) {
        return status == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE
                || status == CL.CL_OUT_OF_RESOURCES
                || status == CL.CL_OUT_OF_HOST_MEMORY;
    }

    OpenClException outOfMemory(long bytes, String there) {
        return new OpenClException("out of device memory: " + mib(bytes) + " more were asked of "
                + queue.device().name() + ", and " + there
                + "; use smaller batches or a smaller model, or another device");
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }

    private static long bytes(Block block) {
        return (long) block.size() * BYTES;
    }

    /** Releases all free blocks to the driver. */
    private void dropIdle() {
        for (ArrayDeque<Block> blocks : free.values()) {
            for (Block block : blocks) {
                release(block);
            }
            all.removeAll(blocks);
        }
        free.clear();
        held -= idle;
        idle = 0;
    }

    private void release(Block block) {
        clReleaseMemObject(block.memory());
        queue.handles().released();
    }

    /** Bytes taken from the driver. */
    long held() {
        return held;
    }

    @Override
    public void close() {
        all.forEach(this::release);
        all.clear();
        free.clear();
        held = 0;
        idle = 0;
    }
}
