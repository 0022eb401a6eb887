package org.safeclip.opencl;

import static org.jocl.CL.CL_COMPLETE;
import static org.jocl.CL.CL_EVENT_COMMAND_EXECUTION_STATUS;
import static org.jocl.CL.clGetEventInfo;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clWaitForEvents;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the host that a transfer reads from while the program goes on: numbers are copied here first, and a buffer is
 * used again when its transfer is over.
 */
final class Staging implements AutoCloseable {
    private static final int SMALLEST = 1 << 12;

    private final Handles handles;
    private final List<Buffer> buffers = new ArrayList<>();

    Staging(Handles handles) {
        this.handles = handles;
    }

    /** A buffer outside the heap and the transfer that reads it, if one does. */
    static final class Buffer {
        final ByteBuffer bytes;

        @Nullable
        cl_event reader;

        private Buffer(int size) {
            this.bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        }
    }

    /** A buffer of at least that many bytes that no transfer reads. */
    Buffer take(int size) {
        Buffer found = null;
        for (Buffer buffer : buffers) {
            if (buffer.bytes.capacity() >= size
                    && (found == null || buffer.bytes.capacity() < found.bytes.capacity())
                    && isFree(buffer)) {
                found = buffer;
            }
        }
        if (found == null) {
            found = new Buffer(Math.max(SMALLEST, size));
            drop();
            buffers.add(found);
        }
        found.bytes.clear();
        return found;
    }

    private boolean isFree(Buffer buffer) {
        cl_event reader = buffer.reader;
        if (reader == null) {
            return true;
        }
        int[] status = new int[1];
        clGetEventInfo(reader, CL_EVENT_COMMAND_EXECUTION_STATUS, Sizeof.cl_int, Pointer.to(status), null);
        if (status[0] > CL_COMPLETE) {
            return false;
        }
        release(buffer);
        return true;
    }

    /** Free buffers are kept, but no more than a few: the sizes of a run are few. */
    private void drop() {
        Iterator<Buffer> each = buffers.iterator();
        while (buffers.size() > 32 && each.hasNext()) {
            if (isFree(each.next())) {
                each.remove();
            }
        }
    }

    private void release(Buffer buffer) {
        cl_event reader = buffer.reader;
        if (reader != null) {
            clReleaseEvent(reader);
            handles.released();
            buffer.reader = null;
        }
    }

    @Override
    public void close() {
        for (Buffer buffer : buffers) {
            cl_event reader = buffer.reader;
            if (reader != null) {
                clWaitForEvents(1, new cl_event[] {reader});
            }
            release(buffer);
        }
        buffers.clear();
    }
}
