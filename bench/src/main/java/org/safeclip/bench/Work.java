package org.safeclip.bench;

/**
 * What a kernel has to do: the least it can be.
 *
 * @param flops multiplications and additions of products; 0 where memory is what counts
 * @param bytes numbers read and written once each, 4 bytes a number
 */
public record Work(double flops, double bytes) {
    /** A kernel of products that reads and writes so many numbers. */
    public static Work products(double flops, double numbers) {
        return new Work(flops, numbers * Float.BYTES);
    }

    /** A kernel that reads and writes so many numbers. */
    public static Work memory(double numbers) {
        return new Work(0, numbers * Float.BYTES);
    }

    /** {@code GFLOP/s} or {@code GB/s}: what its rate is told in. */
    public String unit() {
        return flops > 0 ? "GFLOP/s" : "GB/s";
    }

    /** The rate in {@link #unit} of a kernel that takes so long. */
    public double rate(double nanos) {
        return (flops > 0 ? flops : bytes) / nanos;
    }

    /**
     * The share of the roofline (Williams, Waterman and Patterson 2009) that a kernel reaches which takes so long: 1 if it
     * multiplies as fast as registers allow, or moves its numbers as fast as a copy of as many, whichever takes longer.
     */
    public double share(double nanos, Ceilings ceilings) {
        return Math.max(flops / ceilings.gigaflops(), bytes / ceilings.gigabytes(bytes)) / nanos;
    }
}
