package org.safeclip.opencl;

import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clWaitForEvents;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/** Device time of every kernel, measured by the driver; enabled by {@code -Dorg.safeclip.opencl.profile=true}. */
final class Profile {
    /** System property that enables profiling. */
    static final String PROPERTY = "org.safeclip.opencl.profile";

    private static final int AT_ONCE = 1 << 12;

    private final Handles handles;
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, Total> totals = new HashMap<>();

    private record Run(String kernel, cl_event event) {}

    private record Total(String kernel, long launches, long nanos) {}

    Profile(Handles handles) {
        this.handles = handles;
    }

    /** Records a launch until it has finished. */
    void add(String kernel, cl_event event) {
        runs.add(new Run(kernel, handles.made(event)));
        if (runs.size() == AT_ONCE) {
            collect();
        }
    }

    private void collect() {
        for (Run run : runs) {
            try {
                clWaitForEvents(1, new cl_event[] {run.event});
                long nanos = time(run.event, CL_PROFILING_COMMAND_END) - time(run.event, CL_PROFILING_COMMAND_START);
                totals.merge(
                        run.kernel,
                        new Total(run.kernel, 1, nanos),
                        (a, b) -> new Total(a.kernel, a.launches + b.launches, a.nanos + b.nanos));
            } catch (CLException e) {
                totals.putIfAbsent(run.kernel, new Total(run.kernel, 0, 0)); // it failed, and said so elsewhere
            }
            clReleaseEvent(run.event);
            handles.released();
        }
        runs.clear();
    }

    private static long time(cl_event event, int what) {
        long[] nanos = new long[1];
        clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanos), null);
        return nanos[0];
    }

    /** Prints the time of each kernel, longest first. */
    void print(PrintStream out) {
        collect();
        long all = totals.values().stream().mapToLong(Total::nanos).sum();
        out.printf(Locale.ROOT, "%10s %8s %6s  kernel%n", "launches", "ms", "%");
        totals.values().stream()
                .sorted(Comparator.comparingLong(Total::nanos).reversed())
                .forEach(total -> out.printf(
                        Locale.ROOT,
                        "%10d %8.1f %6.1f  %s%n",
                        total.launches,
                        total.nanos / 1e6,
                        100.0 * total.nanos / Math.max(1, all),
                        total.kernel));
    }
}
