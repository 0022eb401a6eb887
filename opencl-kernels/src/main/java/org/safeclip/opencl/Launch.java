package org.safeclip.opencl;

import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clSetKernelArg;

import java.util.Arrays;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;

/**
 * A kernel whose arguments are set from left to right before it is enqueued. Unchanged arguments are not set again.
 */
final class Launch implements AutoCloseable {
    private static final Object NONE = "none";

    private final Queue queue;
    private final String name;
    private final cl_kernel kernel;
    private final int items;
    private final int[] scalar = new int[1];
    private final Pointer scalarPointer = Pointer.to(scalar);
    private Object[] set = new Object[8];
    private int[] bits = new int[8];
    private int next;

    Launch(Queue queue, String name, cl_kernel kernel, int items) {
        this.queue = queue;
        this.name = name;
        this.kernel = kernel;
        this.items = items;
    }

    Launch begin() {
        next = 0;
        return this;
    }

    /** Sets the next argument: int or uint. */
    Launch with(int value) {
        return bits(value);
    }

    Launch with(float value) {
        return bits(Float.floatToRawIntBits(value));
    }

    /** Sets the next argument: a buffer of floats, or the null pointer. */
    Launch with(@Nullable Storage storage) {
        return storage == null ? memory(null, NONE) : memory(DeviceBuffer.memory(storage), null);
    }

    Launch with(IntStorage ids) {
        return memory(DeviceIntStorage.memory(ids), null);
    }

    /** Sets the next argument: an integer vector, such as {@code int8}. */
    Launch with(int... vector) {
        try {
            clSetKernelArg(kernel, next, (long) Sizeof.cl_int * vector.length, Pointer.to(vector));
        } catch (CLException e) {
            throw argumentFailed(e);
        }
        advance(NONE, 0);
        return this;
    }

    @SuppressWarnings("ReferenceEquality")
    private Launch bits(int value) {
        grow();
        if (set[next] != scalar || bits[next] != value) {
            scalar[0] = value;
            try {
                clSetKernelArg(kernel, next, Sizeof.cl_int, scalarPointer);
            } catch (CLException e) {
                throw argumentFailed(e);
            }
        }
        advance(scalar, value);
        return this;
    }

    /** By identity: a handle released and made anew may have the number of the old one, and yet be another. */
    @SuppressWarnings("ReferenceEquality")
    private Launch memory(@Nullable cl_mem memory, @Nullable Object instead) {
        grow();
        Object now = memory == null ? instead : memory;
        if (set[next] != now) {
            try {
                clSetKernelArg(kernel, next, Sizeof.cl_mem, memory == null ? null : Pointer.to(memory));
            } catch (CLException e) {
                throw argumentFailed(e);
            }
        }
        advance(now, 0);
        return this;
    }

    private void grow() {
        if (next == set.length) {
            set = Arrays.copyOf(set, 2 * next);
            bits = Arrays.copyOf(bits, 2 * next);
        }
    }

    private void advance(@Nullable Object what, int value) {
        grow();
        set[next] = what;
        bits[next] = value;
        next++;
    }

    private OpenClException argumentFailed(CLException e) {
        return new OpenClException("argument " + next + " of " + name, e);
    }

    /** Enqueues the kernel with this many work-groups of the width it is compiled for; does nothing for 0. */
    void over(long groups) {
        run(new long[] {groups * items}, new long[] {items});
    }

    /** Enqueues the kernel: global and local work size in each dimension. */
    void run(long[] global, long[] local) {
        for (long size : global) {
            if (size == 0) {
                return;
            }
        }
        try {
            queue.enqueue(name, kernel, global, local);
        } catch (CLException e) {
            throw new OpenClException(
                    "running " + name + " over " + Arrays.toString(global) + " in groups of " + Arrays.toString(local),
                    e);
        }
    }

    @Override
    public void close() {
        clReleaseKernel(kernel);
        queue.handles().released();
    }
}
