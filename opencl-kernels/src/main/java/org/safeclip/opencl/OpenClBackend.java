package org.safeclip.opencl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.safeclip.tensor.backend.Activity;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** The backend of one OpenCL device: kernels and scoped memory. */
final class OpenClBackend implements Backend {
    private final Queue queue;
    private final Kernels kernels;
    private final ArrayDeque<DeviceScope> scopes = new ArrayDeque<>();

    OpenClBackend(OpenClDevice device, Family family) {
        this(device, family, GemmTileSizes.of(device));
    }

    OpenClBackend(OpenClDevice device, Family family, GemmTileSizes sizes) {
        this.queue = new Queue(device, family, sizes);
        this.kernels = new OpenClKernels(queue);
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
        DeviceScope scope = new DeviceScope();
        scopes.push(scope);
        return scope;
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
        private final List<Pooled> owned = new ArrayList<>();

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
