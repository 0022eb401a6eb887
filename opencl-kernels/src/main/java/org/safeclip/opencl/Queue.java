package org.safeclip.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;
import static org.jocl.CL.CL_TRUE;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Activity;

/**
 * An open device: its memory, its programs and its in-order command queue. The queue is asynchronous; the host waits in
 * {@link #read} and {@link #finish} only.
 */
final class Queue implements AutoCloseable {
    private static final int FLUSH_EVERY = 64;

    private final OpenClDevice device;
    private final Family family;
    private final GemmTileSizes tileSizes;
    private final Handles handles = new Handles();
    private final cl_context context;
    private final cl_command_queue queue;
    private final Staging staging;
    private final BufferPool pool;
    private final LateSums sums = new LateSums(this);
    private final AdamWBatch adamW = new AdamWBatch(this);
    private final @Nullable Profile profile;
    private final Map<String, Program> programs = new HashMap<>();
    private long launches;
    private long uploads;
    private long waits;
    private boolean closed;

    Queue(OpenClDevice device, Family family, GemmTileSizes tileSizes) {
        this.device = device;
        this.family = family;
        this.tileSizes = tileSizes;
        this.profile = Boolean.getBoolean(Profile.PROPERTY) ? new Profile(handles) : null;
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL_CONTEXT_PLATFORM, device.platformId());
        try {
            this.context =
                    handles.made(clCreateContext(properties, 1, new cl_device_id[] {device.id()}, null, null, null));
        } catch (CLException e) {
            throw new OpenClException("opening " + device, e);
        }
        this.queue = commandQueue(profile == null ? 0 : CL_QUEUE_PROFILING_ENABLE);
        this.staging = new Staging(context, queue, commandQueue(0), handles);
        this.pool = new BufferPool(this);
    }

    @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
    private cl_command_queue commandQueue(long properties) {
        try {
            return handles.made(clCreateCommandQueue(context, device.id(), properties, null));
        } catch (CLException e) {
            clReleaseContext(context);
            throw new OpenClException("opening a queue of " + device, e);
        }
    }

    OpenClDevice device() {
        return device;
    }

    Family family() {
        return family;
    }

    /** Tile sizes of the matrix product. */
    GemmTileSizes tileSizes() {
        return tileSizes;
    }

    /** Work-group size of the basic kernels. */
    int lanes() {
        return family.lanes(device);
    }

    Handles handles() {
        return handles;
    }

    BufferPool pool() {
        return pool;
    }

    /** Sums that may be late. */
    LateSums sums() {
        return sums;
    }

    /** Steps of the optimiser that wait for others of their kind. */
    AdamWBatch adamW() {
        return adamW;
    }

    /** Enqueues all that waits. */
    void settle() {
        adamW.run();
        sums.run();
    }

    cl_context context() {
        return context;
    }

    /** A kernel of {@code program.cl} with the family's sizes, ready for its first argument. */
    Launch launch(String program, String kernel) {
        return launch(program, "", kernel);
    }

    /** A kernel of {@code program.cl} compiled with further options, such as {@code -DTILE=8}. */
    Launch launch(String program, String options, String kernel) {
        WorkGroup group = new WorkGroup(lanes(), lanes(), family.vector());
        String all = options(group, options);
        return program(program + " " + all, () -> new Program(this, program, group.items(), all))
                .launch(kernel);
    }

    /** A kernel of {@code program.cl} compiled for such work-groups. */
    Launch launch(String program, WorkGroup group, String kernel) {
        return launch(program, group, "", kernel);
    }

    /** A kernel of {@code program.cl} compiled for such work-groups, with further options. */
    Launch launch(String program, WorkGroup group, String options, String kernel) {
        String all = options(group, options);
        String key = program + " " + kernel + " " + all;
        return program(key, () -> Program.of(this, program, kernel, group.items(), all))
                .launch(kernel);
    }

    private static String options(WorkGroup group, String further) {
        return "-cl-std=CL1.2 " + group.options() + " " + further;
    }

    private Program program(String key, Supplier<Program> made) {
        requireOpen();
        adamW.run();
        Program program = programs.get(key);
        if (program == null) {
            program = made.get();
            programs.put(key, program);
        }
        return program;
    }

    /** Throws if this queue is closed: a released handle passed to the driver may crash the process. */
    void requireOpen() {
        if (closed) {
            throw new OpenClException("the device " + device.name() + " is closed");
        }
    }

    /** Temporary memory; return it with {@link #giveBack} once the last launch that uses it is enqueued. */
    DeviceBuffer temporary(int length) {
        return new DeviceBuffer(this, length, pool.take(length));
    }

    void giveBack(DeviceBuffer temporary) {
        pool.give(temporary.release());
    }

    /** Enqueues a kernel and flushes now and then, so that the device starts early. */
    void enqueue(String name, cl_kernel kernel, long[] global, long[] local) {
        cl_event event = profile == null ? null : new cl_event();
        clEnqueueNDRangeKernel(queue, kernel, global.length, null, global, local, 0, null, event);
        if (profile != null && event != null) {
            profile.add(name, event);
        }
        if (++launches % FLUSH_EVERY == 0) {
            clFlush(queue);
        }
    }

    /** What was enqueued so far, and how often the host waited. */
    Activity activity() {
        return new Activity(launches, uploads, waits);
    }

    /** Copies to the host; waits for all work enqueued before. */
    void read(cl_mem from, Pointer to, long bytes) {
        requireOpen();
        adamW.run();
        waits++;
        try {
            clEnqueueReadBuffer(queue, from, CL_TRUE, 0, bytes, to, 0, null, null);
        } catch (CLException e) {
            throw failed("reading " + bytes + " bytes from " + device.name(), e);
        }
    }

    /** Copies to the device in queue order; the numbers are read before this returns. */
    void write(cl_mem to, Pointer from, long bytes) {
        requireOpen();
        adamW.run();
        uploads++;
        try {
            staging.upload(to, from, bytes);
        } catch (CLException e) {
            throw failed("writing " + bytes + " bytes to " + device.name(), e);
        }
    }

    void finish() {
        requireOpen();
        settle();
        waits++;
        try {
            clFinish(queue);
        } catch (CLException e) {
            throw failed("waiting for " + device.name(), e);
        }
    }

    /** Many drivers allocate memory on first use, so running out of it can show here. */
    private OpenClException failed(String what, CLException e) {
        String lower = BufferPool.isMemoryStatus(e.getStatus())
                ? " with " + (pool.held() >> 20)
                        + " MiB in use; if memory ran out, use smaller batches or a smaller model, or another device"
                : "";
        return new OpenClException(what + lower, e);
    }

    /** Releases everything; a device that was lost is left as it is. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            clFinish(queue);
        } catch (CLException e) {
            System.getLogger(Queue.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "closing: " + CL.stringFor_errorCode(e.getStatus()));
        }
        if (profile != null) {
            profile.print(System.err);
        }
        programs.values().forEach(Program::close);
        programs.clear();
        pool.close();
        staging.close();
        clReleaseCommandQueue(queue);
        handles.released();
        clReleaseContext(context);
        handles.released();
    }
}
