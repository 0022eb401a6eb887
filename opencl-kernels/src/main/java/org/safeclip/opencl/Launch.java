package org.safeclip.opencl;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jocl.CLException;
import org.jocl.cl_kernel;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;

/**
 * A kernel whose arguments are given from left to right before it is enqueued.
 *
 * <p>To set an argument costs the host more than a microsecond, and steps of training repeat themselves: so there are
 * several kernel objects, one for each set of buffers, and only what differs from its last launch is set again.
 */
final class Launch implements AutoCloseable {
    private static final int BINDINGS = 64; // a power of two

    private final Queue queue;
    private final String name;
    private final int items;
    private final Supplier<cl_kernel> kernels;
    private final @Nullable Binding[] bindings = new Binding[BINDINGS];
    private Object[] values = new Object[8];
    private int[] bits = new int[8];
    private int count;
    private int hash;

    /**
     * A kernel without arguments yet.
     *
     * @param items work-items of a group that it is compiled for
     * @param kernels makes a kernel object
     */
    Launch(Queue queue, String name, int items, Supplier<cl_kernel> kernels) {
        this.queue = queue;
        this.name = name;
        this.items = items;
        this.kernels = kernels;
    }

    /** Forgets the arguments given. */
    Launch begin() {
        count = 0;
        hash = 0;
        return this;
    }

    /** The next argument: int or uint. */
    Launch with(int value) {
        return with(Binding.SCALAR, value);
    }

    /** The next argument: a float. */
    Launch with(float value) {
        return with(Binding.SCALAR, Float.floatToRawIntBits(value));
    }

    /** The constants of an AdamW step, in the order of {@code adamw.cl}. */
    Launch with(AdamStep step) {
        return with(step.rate())
                .with(step.decay())
                .with(step.beta1())
                .with(step.beta2())
                .with(step.epsilon())
                .with((float) step.correction1())
                .with((float) step.correction2());
    }

    /** The next argument: a buffer of floats, or the null pointer. */
    Launch with(@Nullable Storage storage) {
        return storage == null ? with(Binding.NULL, 0) : memory(DeviceBuffer.memory(storage));
    }

    /** The next argument: a buffer of integers. */
    Launch with(IntStorage ids) {
        return memory(DeviceIntStorage.memory(ids));
    }

    /** The next argument: an integer vector, such as {@code int8}. */
    Launch with(int... vector) {
        return with(vector, 0);
    }

    private Launch memory(Object memory) {
        hash = 31 * hash + System.identityHashCode(memory);
        return with(memory, 0);
    }

    private Launch with(Object value, int valueBits) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            bits = Arrays.copyOf(bits, 2 * count);
        }
        values[count] = value;
        bits[count++] = valueBits;
        return this;
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
        Binding binding = binding();
        binding.set(values, bits, count);
        try {
            queue.enqueue(name, binding.kernel(), global, local);
        } catch (CLException e) {
            throw new OpenClException(
                    "running " + name + " over " + Arrays.toString(global) + " in groups of " + Arrays.toString(local),
                    e);
        }
    }

    private Binding binding() {
        int slot = (hash ^ hash >>> 16) & BINDINGS - 1;
        Binding binding = bindings[slot];
        if (binding == null) {
            binding = new Binding(name, queue.handles().made(kernels.get()));
            bindings[slot] = binding;
        }
        return binding;
    }

    @Override
    public void close() {
        for (Binding binding : bindings) {
            if (binding != null) {
                binding.close();
                queue.handles().released();
            }
        }
    }
}
