package org.safeclip.opencl;

/**
 * One OpenCL device as its driver describes it.
 *
 * @param name the device, such as a GPU's product name
 * @param platform the driver that offers it
 * @param version what the device says of itself, beginning with {@code OpenCL 1.2} or the like
 */
record OpenClDevice(String name, String platform, String version) {
    @Override
    public String toString() {
        return name + " (" + platform + ", " + version + ")";
    }
}
