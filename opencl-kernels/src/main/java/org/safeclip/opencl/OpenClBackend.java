package org.safeclip.opencl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Activity;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** The backend of one OpenCL device: kernels and scoped memory. */
final class OpenClBackend implements Backend {
    private final Queue queue;
    private final Kernels kernels;
    private final ArrayDeque<DeviceScope> scopes = new ArrayDeque<>();
    private @Nullable TensorCores tensorCores;

    OpenClBackend(OpenClDevice device, Family family) {
        this(device, family, GemmTileSizes.of(device));
    }

    OpenClBackend(OpenClDevice device, Family family, GemmTileSizes sizes) {
        this.queue = new Queue(device, family, sizes);
        this.kernels = new OpenClKernels(queue, this::precision, this::tensorCores);
    }

    @Override
    public String name() {
        return OpenClProvider.NAME;
    }

    @Override
    public String describe() {
        return queue.device() + ", " + queue.device().units() + " compute units, " + queue.family() + " kernels";
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    /** The open device. */
    Queue queue() {
        return queue;
    }

    @Override
    public Storage allocate(int length) {
        DeviceBuffer buffer = new DeviceBuffer(queue, length, queue.pool().take(length));
        own(buffer);
        return buffer;
    }

    @Override
    public IntStorage allocateInts(int length) {
        DeviceIntStorage ids = new DeviceIntStorage(queue, length, queue.pool().take(length));
        own(ids);
        return ids;
    }

    /** Gives memory to the innermost scope; without one it lives until the pool is closed. */
    private void own(Pooled memory) {
        DeviceScope scope = scopes.peek();
        if (scope != null) {
            scope.owned.add(memory);
        }
    }

    @Override
    public Scope scope() {
        return push(precision());
    }

    @Override
    public Scope scope(Precision precision) {
        return push(products(precision));
    }

    private Scope push(Precision precision) {
        DeviceScope scope = new DeviceScope(precision);
        scopes.push(scope);
        return scope;
    }

    @Override
    public Precision products(Precision wanted) {
        boolean possible = wanted == Precision.FLOAT32 || tensorCores() != TensorCores.NONE;
        return possible ? wanted : Precision.FLOAT32;
    }

    private Precision precision() {
        DeviceScope scope = scopes.peek();
        return scope == null ? Precision.FLOAT32 : scope.precision;
    }

    /** Tried when first asked for, since that takes a second. */
    TensorCores tensorCores() {
        TensorCores found = tensorCores;
        if (found == null) {
            found = queue.family() == Family.GPU ? TensorCores.of(queue.device()) : TensorCores.NONE;
            tensorCores = found;
        }
        return found;
    }

    @Override
    public void finish() {
        queue.finish();
    }

    @Override
    public boolean sharesHost() {
        return queue.device().cpu();
    }

    @Override
    public Activity activity() {
        return queue.activity();
    }

    @Override
    public void close() {
        queue.close();
    }

    /** The memory of one step. */
    private final class DeviceScope implements Scope {
        private final Precision precision;
        private final List<Pooled> owned = new ArrayList<>();

        DeviceScope(Precision precision) {
            this.precision = precision;
        }

        @Override
        public void close() {
            if (scopes.peek() != this) {
                throw new IllegalStateException("scopes must be closed once, innermost first");
            }
            scopes.pop();
            queue.settle();
            // in reverse, so that the next step gets the same memory for the same arrays, and the same arguments fit
            for (Pooled memory : owned.reversed()) {
                queue.pool().give(memory.release());
            }
            owned.clear();
        }
    }
}
