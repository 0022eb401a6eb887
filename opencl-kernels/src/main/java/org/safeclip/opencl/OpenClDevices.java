package org.safeclip.opencl;

import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetPlatformIDs;
import static org.jocl.CL.clGetPlatformInfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.jspecify.annotations.Nullable;

/**
 * What OpenCL shows on this machine.
 *
 * @param found every device of every platform
 * @param reason why {@code found} is empty, on one line; empty where it is not
 */
record OpenClDevices(List<OpenClDevice> found, String reason) {
    /** The devices of this machine, asked for once: a native library that failed to load fails differently each time. */
    static OpenClDevices here() {
        return Here.DEVICES;
    }

    /** All devices on one line. */
    String names() {
        return found.stream().map(OpenClDevice::toString).collect(Collectors.joining("; "));
    }

    private static final class Here {
        static final OpenClDevices DEVICES = ask();
    }

    private static OpenClDevices ask() {
        try {
            CL.setExceptionsEnabled(true);
            List<OpenClDevice> found = new ArrayList<>();
            for (cl_platform_id platform : platforms()) {
                String platformName =
                        text((size, to, needed) -> clGetPlatformInfo(platform, CL_PLATFORM_NAME, size, to, needed));
                for (cl_device_id device : devices(platform)) {
                    found.add(new OpenClDevice(
                            text((size, to, needed) -> clGetDeviceInfo(device, CL_DEVICE_NAME, size, to, needed)),
                            platformName,
                            text((size, to, needed) -> clGetDeviceInfo(device, CL_DEVICE_VERSION, size, to, needed))));
                }
            }
            return new OpenClDevices(List.copyOf(found), found.isEmpty() ? "no platform has a device" : "");
        } catch (Throwable e) { // errors too: a missing OpenCL loader shows as UnsatisfiedLinkError
            return new OpenClDevices(List.of(), firstLine(e));
        }
    }

    private static cl_platform_id[] platforms() {
        int[] count = new int[1];
        clGetPlatformIDs(0, null, count);
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        clGetPlatformIDs(platforms.length, platforms, null);
        return platforms;
    }

    private static cl_device_id[] devices(cl_platform_id platform) {
        int[] count = new int[1];
        try {
            clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
        } catch (CLException e) {
            if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
                return new cl_device_id[0]; // a driver without its device does not hide the other drivers' devices
            }
            throw e;
        }
        cl_device_id[] devices = new cl_device_id[count[0]];
        clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
        return devices;
    }

    /** A call of the clGet...Info family, bound to its object and question. */
    private interface Question {
        int ask(long size, @Nullable Pointer to, long @Nullable [] needed);
    }

    /** Asks twice: for the length, then for the zero-terminated text. */
    private static String text(Question question) {
        long[] needed = new long[1];
        question.ask(0, null, needed);
        byte[] answer = new byte[Math.toIntExact(needed[0])];
        question.ask(answer.length, Pointer.to(answer), null);
        return new String(answer, 0, Math.max(0, answer.length - 1), StandardCharsets.UTF_8).strip();
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return line.isBlank() ? e.getClass().getSimpleName() : line.strip();
    }
}
