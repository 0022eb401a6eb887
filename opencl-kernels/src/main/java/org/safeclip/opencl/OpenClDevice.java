package org.safeclip.opencl;

import static org.jocl.CL.CL_DEVICE_EXTENSIONS;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_LOCAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_WORK_GROUP_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;

import java.util.List;
import java.util.Locale;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.safeclip.tensor.backend.DeviceInfo;

/**
 * One OpenCL device as its driver describes it.
 *
 * @param platformId the driver's handle
 * @param id the device's handle
 * @param name the device, such as a GPU's product name
 * @param platform the driver that offers it
 * @param version supported version, beginning with {@code OpenCL 1.2} or the like
 * @param driver version of the driver
 * @param cpu whether it is a processor that runs kernels as ordinary threads
 * @param units compute units
 * @param memory bytes of global memory
 * @param largestBuffer bytes one buffer may have
 * @param localMemory bytes a work-group may share
 * @param largestGroup work-items a work-group may have
 * @param vectorWidth floats of a native vector
 * @param extensions names of the optional features
 */
record OpenClDevice(
        cl_platform_id platformId,
        cl_device_id id,
        String name,
        String platform,
        String version,
        String driver,
        boolean cpu,
        int units,
        long memory,
        long largestBuffer,
        long localMemory,
        int largestGroup,
        int vectorWidth,
        List<String> extensions) {

    /** Asks the driver. */
    static OpenClDevice of(cl_platform_id platform, cl_device_id id) {
        return new OpenClDevice(
                platform,
                id,
                DriverInfo.text(id, CL_DEVICE_NAME),
                DriverInfo.text(platform, CL_PLATFORM_NAME),
                DriverInfo.text(id, CL_DEVICE_VERSION),
                DriverInfo.text(id, CL_DRIVER_VERSION),
                (DriverInfo.number(id, CL_DEVICE_TYPE) & CL_DEVICE_TYPE_CPU) != 0,
                (int) DriverInfo.number(id, CL_DEVICE_MAX_COMPUTE_UNITS),
                DriverInfo.number(id, CL_DEVICE_GLOBAL_MEM_SIZE),
                DriverInfo.number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                DriverInfo.number(id, CL_DEVICE_LOCAL_MEM_SIZE),
                (int) Math.min(Integer.MAX_VALUE, DriverInfo.number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE)),
                (int) DriverInfo.number(id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT),
                List.of(DriverInfo.text(id, CL_DEVICE_EXTENSIONS).split("\\s+")));
    }

    /** Name, driver, memory and limits, for display. */
    DeviceInfo facts() {
        return new DeviceInfo(
                name,
                List.of(
                        "platform       " + platform + ", driver " + driver,
                        "version        " + version,
                        "type           " + (cpu ? "CPU" : "GPU or accelerator") + ", kernels of the "
                                + Family.of(this).name() + " family",
                        String.format(
                                Locale.ROOT,
                                "memory         %,d MiB, one buffer at most %,d MiB",
                                memory >> 20,
                                largestBuffer >> 20),
                        String.format(
                                Locale.ROOT,
                                "compute units  %d, work-groups to %,d, local memory %d KiB, float vectors of %d",
                                units,
                                largestGroup,
                                localMemory >> 10,
                                vectorWidth)));
    }

    @Override
    public String toString() {
        return name + " (" + platform + ", " + version + ")";
    }
}
