package org.safeclip.opencl;

import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetPlatformIDs;
import static org.jocl.CL.clGetPlatformInfo;
import static org.jocl.CL.clGetProgramBuildInfo;
import static org.jocl.CL.clGetProgramInfo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/** Driver queries with results as Java values. */
final class DriverInfo {
    /** All that run kernels compiled from source; rusticl refuses CL_DEVICE_TYPE_ALL as JOCL writes it. */
    private static final long TYPES = CL.CL_DEVICE_TYPE_CPU | CL.CL_DEVICE_TYPE_GPU | CL.CL_DEVICE_TYPE_ACCELERATOR;

    private DriverInfo() {}

    static cl_platform_id[] platforms() {
        int[] count = new int[1];
        clGetPlatformIDs(0, null, count);
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        clGetPlatformIDs(platforms.length, platforms, null);
        return platforms;
    }

    /** The devices of a platform; a driver without its device has none, and does not hide the other drivers'. */
    static cl_device_id[] devices(cl_platform_id platform) {
        int[] count = new int[1];
        try {
            clGetDeviceIDs(platform, TYPES, 0, null, count);
        } catch (CLException e) {
            if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
                return new cl_device_id[0];
            }
            throw e;
        }
        cl_device_id[] devices = new cl_device_id[count[0]];
        clGetDeviceIDs(platform, TYPES, devices.length, devices, null);
        return devices;
    }

    static String text(cl_platform_id platform, int question) {
        return text(answer((size, to, needed) -> clGetPlatformInfo(platform, question, size, to, needed)));
    }

    static String text(cl_device_id device, int question) {
        return text(answer((size, to, needed) -> clGetDeviceInfo(device, question, size, to, needed)));
    }

    /** The compiler's log. */
    static String buildLog(cl_program program, cl_device_id device) {
        return text(answer((size, to, needed) ->
                clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, size, to, needed)));
    }

    /** What a program was compiled to, on its one device: with NVIDIA's driver PTX text. */
    static byte[] binary(cl_program program) {
        long[] size = new long[1];
        clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
        byte[] binary = new byte[Math.toIntExact(size[0])];
        clGetProgramInfo(program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, Pointer.to(Pointer.to(binary)), null);
        return binary;
    }

    /** Queries a number of four or eight bytes. */
    static long number(cl_device_id device, int question) {
        byte[] answer = answer((size, to, needed) -> clGetDeviceInfo(device, question, size, to, needed));
        ByteBuffer bytes = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
        return answer.length >= Long.BYTES ? bytes.getLong() : Integer.toUnsignedLong(bytes.getInt());
    }

    /** A call of the clGet...Info family, bound to its object and question. */
    private interface Question {
        int ask(long size, @Nullable Pointer to, long @Nullable [] needed);
    }

    /** Asks twice: for the length, then for the answer. */
    private static byte[] answer(Question question) {
        long[] needed = new long[1];
        question.ask(0, null, needed);
        byte[] answer = new byte[Math.toIntExact(needed[0])];
        question.ask(answer.length, Pointer.to(answer), null);
        return answer;
    }

    private static String text(byte[] zeroTerminated) {
        return new String(zeroTerminated, 0, Math.max(0, zeroTerminated.length - 1), StandardCharsets.UTF_8).strip();
    }
}
