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

/** A kernel object and the arguments set in it. */
final class Binding implements AutoCloseable {
    /** Stands for a value of four bytes, kept beside it. */
    static final Object SCALAR = "scalar";

    /** Stands for the null pointer. */
    static final Object NULL = "null";

    private final String name;
    private final cl_kernel kernel;
    private final int[] scalar = new int[1];
    private final Pointer scalarPointer = Pointer.to(scalar);
    private @Nullable Object[] set = new Object[0];
    private int[] setBits = new int[0];

    Binding(String name, cl_kernel kernel) {
        this.name = name;
        this.kernel = kernel;
    }

    cl_kernel kernel() {
        return kernel;
    }

    /** Sets the first {@code count} arguments, those that changed. */
    void set(Object[] values, int[] bits, int count) {
        if (set.length < count) {
            set = Arrays.copyOf(set, count);
            setBits = Arrays.copyOf(setBits, count);
        }
        for (int i = 0; i < count; i++) {
            if (setBits[i] != bits[i] || !same(set[i], values[i])) {
                try {
                    set(i, values[i], bits[i]);
                } catch (CLException e) {
                    throw new OpenClException("argument " + i + " of " + name, e);
                }
                set[i] = values[i];
                setBits[i] = bits[i];
            }
        }
    }

    /** By identity: a handle released and made anew may have the number of the old one, and yet be another. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(@Nullable Object before, Object now) {
        return before == now || (before instanceof int[] a && now instanceof int[] b && Arrays.equals(a, b));
    }

    private void set(int index, Object value, int bits) {
        if (value instanceof cl_mem memory) {
            clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(memory));
        } else if (value instanceof int[] vector) {
            clSetKernelArg(kernel, index, (long) Sizeof.cl_int * vector.length, Pointer.to(vector));
        } else if (value.equals(SCALAR)) {
            scalar[0] = bits;
            clSetKernelArg(kernel, index, Sizeof.cl_int, scalarPointer);
        } else {
            clSetKernelArg(kernel, index, Sizeof.cl_mem, null);
        }
    }

    @Override
    public void close() {
        clReleaseKernel(kernel);
    }
}
