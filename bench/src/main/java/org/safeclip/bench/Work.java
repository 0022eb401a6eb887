package org.safeclip.bench;

/**
 * Least work of a kernel.
 *
 * @param flops floating-point operations of its products; 0 for a memory-bound kernel
 * @param bytes bytes read and written, each number once
 */
public record Work(double flops, double bytes) {
    /** A compute-bound kernel that reads and writes this many numbers of 4 bytes. */
    public static Work products(double flops, double numbers) {
        return new Work(flops, numbers * Float.BYTES);
    }

    /** A memory-bound kernel that reads and writes this many numbers of 4 bytes. */
    public static Work memory(double numbers) {
        return new Work(0, numbers * Float.BYTES);
    }

    /** Unit of the rate: {@code GFLOP/s} or {@code GB/s}. */
    public String unit() {
        return flops > 0 ? "GFLOP/s" : "GB/s";
    }

    /** Rate in {@link #unit} of a kernel that takes this many nanoseconds. */
    public double rate(double nanos) {
        return (flops > 0 ? flops : bytes) / nanos;
    }

    /**
     * Share of the roofline (Williams, Waterman and Patterson 2009) reached by a kernel that takes this many
     * nanoseconds: 1 if it computes at the register peak or moves its bytes at copy speed, whichever takes longer.
     */
    public double share(double nanos, Ceilings ceilings) {
        return Math.max(flops / ceilings.gigaflops(), bytes / ceilings.gigabytes(bytes)) / nanos;
    }
}
