package org.safeclip.bench;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * JMH profiler that adds two lines to a kernel's result: its rate in GFLOP/s or GB/s, and its share of the roofline of
 * this machine, measured in the same process. Enable it with {@code -prof org.safeclip.bench.RooflineProfiler}.
 */
public final class RooflineProfiler implements InternalProfiler {
    private static volatile @Nullable Work measured;

    private @Nullable Ceilings ceilings;

    /** For JMH. */
    public RooflineProfiler() {}

    /** Sets the work of the calls to be measured; called by a benchmark's set-up. */
    static void measuring(Work work) {
        measured = work;
    }

    @Override
    public String getDescription() {
        return "rate of a kernel and its share of the roofline";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        if (ceilings == null) {
            ceilings = Ceilings.measure(PairedStepBenchmark.threads());
        }
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Work work = measured;
        Ceilings known = ceilings;
        if (work == null || known == null) {
            return List.of();
        }
        double unit = benchmark.getTimeUnit().toNanos(1);
        double nanos = result.getPrimaryResult().getScore() * unit;
        double rate = work.rate(nanos);
        double share = work.share(nanos, known);
        return List.of(
                new ScalarResult("rate", rate, work.unit(), AggregationPolicy.AVG),
                new ScalarResult("roofline", share, "share", AggregationPolicy.AVG));
    }
}
