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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/** One source file, compiled for a device with its sizes, and its kernels. */
final class Program implements AutoCloseable {
    private static final String COMMON = "common";
    /** How the definition of a kernel begins; it ends with the next line that is a brace alone. */
    private static final String KERNEL = "KERNEL void ";

    private static final long COMPILER_STACK = 64 << 20;
    /** Held while a driver compiles: PoCL crashes, or loses its files, when two threads of a process do. */
    private static final Object COMPILER = new Object();

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
        this(queue, name, source(name), items, options);
    }

    private Program(Queue queue, String name, String text, int items, String options) {
        this.queue = queue;
        this.name = name;
        this.items = items;
        cl_program built = build(fromSource(text), options);
        this.program = PtxEdit.isWanted(options) ? edited(built, options) : built;
    }

    /** Compiles one kernel of {@code name.cl}: drivers take long over each, and some variants have one launch only. */
    static Program of(Queue queue, String name, String kernel, int items, String options) {
        return new Program(queue, name, only(source(name), kernel), items, options);
    }

    private cl_program fromSource(String text) {
        String[] texts = {source(COMMON), text};
        try {
            return queue.handles().made(clCreateProgramWithSource(queue.context(), texts.length, texts, null, null));
        } catch (CLException e) {
            throw new OpenClException("making the program " + name + ".cl", e);
        }
    }

    private cl_program build(cl_program made, String options) {
        try {
            synchronized (COMPILER) {
                onLargeStack(() -> clBuildProgram(made, 0, null, options, null, null));
            }
            return made;
        } catch (CLException e) {
            String log = DriverInfo.buildLog(made, queue.device().id());
            release(made);
            throw new OpenClException(
                    "building " + name + ".cl for " + queue.device().name() + " with " + options + "; its log:\n" + log,
                    e);
        }
    }

    /** Compilers of drivers recurse deeply: one was seen to leave the stack of a Java thread, and so end the process. */
    private static void onLargeStack(Runnable task) {
        FutureTask<@Nullable Void> future = new FutureTask<>(task, null);
        new Thread(null, future, "OpenCL compiler", COMPILER_STACK).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true; // a driver's compiler cannot be stopped
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CLException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
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

    /** The text without its other kernels. */
    static String only(String text, String kernel) {
        StringBuilder kept = new StringBuilder();
        boolean other = false;
        for (String line : text.lines().toList()) {
            other |= line.startsWith(KERNEL) && !line.startsWith(KERNEL + kernel + "(");
            if (!other) {
                kept.append(line).append('\n');
            }
            other &= !line.equals("}");
        }
        return kept.toString();
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
