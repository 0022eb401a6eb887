package org.safeclip.opencl;

import static org.jocl.CL.CL_COMPLETE;
import static org.jocl.CL.CL_EVENT_COMMAND_EXECUTION_STATUS;
import static org.jocl.CL.CL_MEM_ALLOC_HOST_PTR;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.CL_TRUE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clEnqueueCopyBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clGetEventInfo;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clReleaseMemObject;
import static org.jocl.CL.clWaitForEvents;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Copies from the host that do not wait for the work enqueued before. Numbers go into a staging buffer through a queue of
 * their own, at once, and from there to their place in the order of the main queue. A buffer is used again once its copy
 * has run; a host that is far ahead waits for that, so it cannot run away from the device.
 */
final class Staging implements AutoCloseable {
    /** Bytes of staging buffers of one size from which an upload waits for an earlier one. */
    private static final long ENOUGH = 64L << 20;

    /** Buffers of one size at least, whatever their bytes, so that two steps can overlap. */
    private static final int FEWEST = 3;

    /** And at most: a step has a handful of small uploads. */
    private static final int MOST = 32;

    private static final int SMALLEST = 1 << 12;

    private final cl_context context;
    private final cl_command_queue main;
    private final cl_command_queue uploads;
    private final Handles handles;
    private final Map<Long, ArrayDeque<Slot>> slots = new HashMap<>(); // by size, the one used longest ago first

    /**
     * A buffer and the copy out of it.
     *
     * @param copied event of the last copy
     */
    private record Slot(cl_mem memory, cl_event copied) {}

    Staging(cl_context context, cl_command_queue main, cl_command_queue uploads, Handles handles) {
        this.context = context;
        this.main = main;
        this.uploads = uploads;
        this.handles = handles;
    }

    /** Copies numbers to the start of a buffer. */
    void upload(cl_mem to, Pointer from, long bytes) {
        long size = 4L * BufferPool.sizeClass((int) Math.ceilDiv(Math.max(bytes, SMALLEST), 4));
        ArrayDeque<Slot> used = slots.computeIfAbsent(size, _ -> new ArrayDeque<>());
        Slot free = free(used, size);
        cl_mem memory = free != null
                ? free.memory
                : handles.made(clCreateBuffer(context, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR, size, null, null));
        clEnqueueWriteBuffer(uploads, memory, CL_TRUE, 0, bytes, from, 0, null, null);
        cl_event copied = new cl_event();
        clEnqueueCopyBuffer(main, memory, to, 0, 0, bytes, 0, null, copied);
        used.add(new Slot(memory, handles.made(copied)));
    }

    /** A slot whose copy has run, waiting for one if there are enough; null for a new one. */
    private @Nullable Slot free(ArrayDeque<Slot> used, long size) {
        Slot oldest = used.peek();
        if (oldest == null) {
            return null;
        }
        boolean enough = used.size() >= FEWEST && (used.size() >= MOST || used.size() * size >= ENOUGH);
        if (enough) {
            clFlush(main);
            clWaitForEvents(1, new cl_event[] {oldest.copied});
        } else if (!done(oldest.copied)) {
            return null;
        }
        used.remove();
        clReleaseEvent(oldest.copied);
        handles.released();
        return oldest;
    }

    private static boolean done(cl_event event) {
        int[] status = new int[1];
        clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, Sizeof.cl_int, Pointer.to(status), null);
        return status[0] == CL_COMPLETE;
    }

    @Override
    public void close() {
        for (ArrayDeque<Slot> used : slots.values()) {
            for (Slot slot : used) {
                clReleaseEvent(slot.copied);
                handles.released();
                clReleaseMemObject(slot.memory);
                handles.released();
            }
        }
        slots.clear();
        clReleaseCommandQueue(uploads);
        handles.released();
    }
}
