package org.safeclip.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Peak rate of fused multiply-adds in registers of one thread, measured now: the reference for a measured rate, since
 * other load on a shared machine slows this loop as well.
 */
public final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 1_000_000;
    private static final int CHAINS =
            12; // independent sums: two units with a latency of four cycles need more than eight
    private static final int CALLS = 40;

    private FmaPeak() {}

    /** Best of several calls, in GFLOP/s of thread CPU time. */
    public static double gigaflops() {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        float sum = 0;
        for (int i = 0; i < CALLS; i++) {
            long start = clock.getCurrentThreadCpuTime();
            sum += sum(0.5f + i * 1e-3f);
            best = Math.min(best, clock.getCurrentThreadCpuTime() - start);
        }
        if (!Float.isFinite(sum)) { // also keeps the loop from being dropped as unused
            throw new IllegalStateException("sums of a geometric series became " + sum);
        }
        return 2.0 * CHAINS * SPECIES.length() * ROUNDS / best;
    }

    private static float sum(float ratio) {
        FloatVector x = FloatVector.broadcast(SPECIES, ratio);
        FloatVector y = FloatVector.broadcast(SPECIES, 1);
        FloatVector s0 = y;
        FloatVector s1 = s0.add(y);
        FloatVector s2 = s1.add(y);
        FloatVector s3 = s2.add(y);
        FloatVector s4 = s3.add(y);
        FloatVector s5 = s4.add(y);
        FloatVector s6 = s5.add(y);
        FloatVector s7 = s6.add(y);
        FloatVector s8 = s7.add(y);
        FloatVector s9 = s8.add(y);
        FloatVector s10 = s9.add(y);
        FloatVector s11 = s10.add(y);
        for (int i = 0; i < ROUNDS; i++) {
            s0 = s0.fma(x, y);
            s1 = s1.fma(x, y);
            s2 = s2.fma(x, y);
            s3 = s3.fma(x, y);
            s4 = s4.fma(x, y);
            s5 = s5.fma(x, y);
            s6 = s6.fma(x, y);
            s7 = s7.fma(x, y);
            s8 = s8.fma(x, y);
            s9 = s9.fma(x, y);
            s10 = s10.fma(x, y);
            s11 = s11.fma(x, y);
        }
        FloatVector all = s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7)));
        all = all.add(s8.add(s9)).add(s10.add(s11));
        return all.lane(0);
    }
}
