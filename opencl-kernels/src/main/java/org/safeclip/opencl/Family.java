package org.safeclip.opencl;

import java.util.Locale;

/**
 * The two kernel families, chosen by the type of the device; {@code -Dorg.safeclip.opencl.family=cpu|gpu}
 * overrides the choice.
 */
enum Family {
    /**
     * One work-item a group, wide vectors, no barrier: a CPU driver runs a group as a function call, and barriers are
     * slow.
     */
    CPU,
    /** Many work-items a group, which share a row and exchange data in local memory. */
    GPU;

    private static final String OVERRIDE = "org.safeclip.opencl.family";
    private static final int GPU_LANES = 128;

    static Family of(OpenClDevice device) {
        String wanted = System.getProperty(OVERRIDE);
        if (wanted != null) {
            return switch (wanted.toLowerCase(Locale.ROOT)) {
                case "cpu" -> CPU;
                case "gpu" -> GPU;
                default -> throw new IllegalArgumentException("-D" + OVERRIDE + "=" + wanted + ": expected cpu or gpu");
            };
        }
        return device.cpu() ? CPU : GPU;
    }

    /** Work-items of a group of the plain kernels: {@code LANES} in the sources. */
    int lanes(OpenClDevice device) {
        return this == CPU ? 1 : Math.min(GPU_LANES, Integer.highestOneBit(device.largestGroup()));
    }

    /** Numbers a work-item takes at a time, where they begin at a multiple of it: {@code V} in the sources. */
    int vector() {
        return this == CPU ? 16 : 4;
    }
}
