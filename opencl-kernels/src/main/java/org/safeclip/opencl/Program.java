package org.safeclip.opencl;

import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithBinary;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clReleaseProgram;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** One source file, compiled for a device with its sizes, and its kernels. */
final class Program implements AutoCloseable {
    private static final String COMMON = "common";

    private final Queue queue;
    private final String name;
    private final cl_program program;
    private final int items;
    private final Map<String, Launch> kernels = new HashMap<>();

    /**
     * Compiles {@code common.cl} and {@code name.cl} as one text, for groups of so many items.
     *
     * @throws OpenClException with the compiler's log, if it refuses
     */
    Program(Queue queue, String name, int items, String options) {
        this.queue = queue;
        this.name = name;
        this.items = items;
        cl_program built = build(fromSource(), options);
        this.program = PtxEdit.isWanted(options) ? edited(built, options) : built;
    }

    private cl_program fromSource() {
        String[] texts = {source(COMMON), source(name)};
        try {
            return queue.handles().made(clCreateProgramWithSource(queue.context(), texts.length, texts, null, null));
        } catch (CLException e) {
            throw new OpenClException("making the program " + name + ".cl", e);
        }
    }

    private cl_program build(cl_program made, String options) {
        try {
            clBuildProgram(made, 0, null, options, null, null);
            return made;
        } catch (CLException e) {
            String log = DriverInfo.buildLog(made, queue.device().id());
            release(made);
            throw new OpenClException(
                    "building " + name + ".cl for " + queue.device().name() + " with " + options + "; its log:\n" + log,
                    e);
        }
    }

    /** The same program after {@link PtxEdit}; releases the one given. */
    private cl_program edited(cl_program compiled, String options) {
        cl_program loaded;
        try {
            byte[] ptx = PtxEdit.edit(DriverInfo.binary(compiled), options);
            cl_device_id[] devices = {queue.device().id()};
            loaded = queue.handles()
                    .made(clCreateProgramWithBinary(
                            queue.context(),
                            1,
                            devices,
                            new long[] {ptx.length},
                            new byte[][] {ptx},
                            new int[1],
                            null));
        } catch (CLException e) {
            throw new OpenClException("loading the edited " + name + ".cl", e);
        } finally {
            release(compiled);
        }
        return build(loaded, "");
    }

    private void release(cl_program released) {
        clReleaseProgram(released);
        queue.handles().released();
    }

    /** The text of a kernel file. */
    static String source(String name) {
        try (InputStream in = Program.class.getResourceAsStream(name + ".cl")) {
            if (in == null) {
                throw new IllegalArgumentException("there is no " + name + ".cl");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel of that name, ready for its first argument. */
    Launch launch(String kernel) {
        Launch launch = kernels.get(kernel);
        if (launch == null) {
            launch = new Launch(queue, name + ".cl " + kernel, items, () -> kernel(kernel));
            kernels.put(kernel, launch);
        }
        return launch.begin();
    }

    private cl_kernel kernel(String kernel) {
        try {
            return clCreateKernel(program, kernel, null);
        } catch (CLException e) {
            throw new OpenClException("finding the kernel " + kernel + " in " + name + ".cl", e);
        }
    }

    @Override
    public void close() {
        kernels.values().forEach(Launch::close);
        kernels.clear();
        release(program);
    }
}
