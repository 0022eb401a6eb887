package org.safeclip.bench.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.safeclip.bench.KernelCase;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.StepModel;
import org.safeclip.bench.TrainStep;
import org.safeclip.bench.Work;
import org.safeclip.tensor.backend.Activity;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;

/**
 * {@code GpuBenchmark [--quick] [--seconds S] [--peer COMMAND...] FAMILY...}: times training steps ({@code steps}) and
 * kernels ({@code products}, {@code memory}, {@code attention}) on the OpenCL device and in PyTorch on the same card, and
 * prints a line for each case and precision as soon as it is known. A family may name one step: {@code steps:base}.
 */
public final class GpuBenchmark {
    private static final double READING = 0.02; // seconds of work between two looks at the clock
    private static final int PROOF_STEPS = 6;
    private static final int FEWEST = 5;
    private static final int MOST = 60;

    private final @Nullable TorchPeer peer;
    private final boolean quick;
    private final double seconds;
    private boolean failed;

    private GpuBenchmark(@Nullable TorchPeer peer, boolean quick, double seconds) {
        this.peer = peer;
        this.quick = quick;
        this.seconds = seconds;
    }

    /**
     * A step to be measured.
     *
     * @param batch pairs in it
     */
    private record Step(StepModel model, int batch) {
        String order() {
            return "step " + model.label() + " " + batch;
        }
    }

    private static final List<Step> STEPS = List.of(
            new Step(StepModel.TINY, 128),
            new Step(StepModel.SMALL, 128),
            new Step(StepModel.BASE, 128),
            new Step(StepModel.BASE, 1024),
            new Step(StepModel.VITB32, 256),
            new Step(StepModel.RN50, 128));

    private static final List<Step> QUICK_STEPS =
            List.of(new Step(StepModel.TINY, 8), new Step(StepModel.SMALL, 8), new Step(StepModel.BASE, 2));

    /** Prints the table; exits with 1 if a case failed. */
    public static void main(String[] arguments) throws BackendUnavailable {
        boolean quick = false;
        double seconds = 0.5;
        List<String> command = List.of();
        List<String> families = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
                case "--peer" -> command = Arrays.asList(arguments[++i].split(" ", -1));
                default -> families.add(arguments[i]);
            }
        }
        try (TorchPeer peer = quick || command.isEmpty() ? null : new TorchPeer(command)) {
            GpuBenchmark benchmark = new GpuBenchmark(peer, quick, seconds);
            benchmark.run(families);
            if (benchmark.failed) {
                System.exit(1);
            }
        }
    }

    private void run(List<String> families) throws BackendUnavailable {
        try (Backend backend = Backends.open("opencl")) {
            System.out.println("# ours: " + backend.describe());
        }
        System.out.println("# peer: " + (peer == null ? "none" : peer.device()));
        System.out.printf(
                "%-44s %-8s %10s %10s %6s  %s%n",
                "case", "in", "ours ms", "peer ms", "ratio", "(above 1: ours is faster)");
        for (String family : families) {
            if (family.startsWith("steps")) {
                for (Step step : quick ? QUICK_STEPS : STEPS) {
                    if (family.equals("steps")
                            || family.equals("steps:" + step.model().label())) {
                        unlessItFails(step.order(), () -> step(step));
                    }
                }
            } else {
                kernels(family);
            }
        }
    }

    /** One case of many. */
    @FunctionalInterface
    private interface Case {
        void run() throws BackendUnavailable;
    }

    /** A case that gives a wrong answer or that the device refuses is reported, and the others still run. */
    private void unlessItFails(String order, Case measured) throws BackendUnavailable {
        try {
            measured.run();
        } catch (RuntimeException e) { // of a backend, too, whose exceptions have no common type
            failed = true;
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            System.out.printf("%-44s failed: %s%n", order, reason);
        }
    }

    // ---- steps

    private void step(Step step) throws BackendUnavailable {
        try (TrainStep train = new TrainStep(step.model(), Backends.open("opencl"), step.batch())) {
            TrainStep.requireFall(train.run(), lowestLoss(train));
            for (Precision precision : Precision.values()) {
                if (train.in(precision)) {
                    time(train, step, precision);
                } else {
                    line(step.order(), precision, OptionalDouble.empty(), peer(step.order(), precision), "");
                }
            }
        }
    }

    /** Of the next steps; NaN where one is. */
    private static float lowestLoss(TrainStep train) {
        float lowest = Float.POSITIVE_INFINITY;
        for (int i = 0; i < PROOF_STEPS; i++) {
            lowest = Math.min(lowest, train.run());
        }
        return lowest;
    }

    private void time(TrainStep train, Step step, Precision precision) {
        long begin = System.nanoTime();
        do {
            train.run();
            train.run();
        } while (System.nanoTime() - begin < seconds * 1e9); // Java compiles what a step does only after some of them
        Activity before = train.activity();
        List<Double> wall = new ArrayList<>();
        List<Double> enqueue = new ArrayList<>();
        double spent = 0;
        while (wall.size() < FEWEST || (spent < 2 * seconds && wall.size() < MOST)) {
            long start = System.nanoTime();
            train.run();
            wall.add((System.nanoTime() - start) / 1e6);
            enqueue.add(train.enqueueNanos() / 1e6);
            spent += wall.getLast() / 1e3;
        }
        Activity made = train.activity().since(before);
        double ours = median(wall);
        String note = String.format(
                Locale.ROOT,
                "%.0f pairs/s, enqueue %.2f ms, %d launches, %d uploads, %d waits",
                step.batch() / ours * 1e3,
                median(enqueue),
                made.launches() / wall.size(),
                made.uploads() / wall.size(),
                made.waits() / wall.size());
        line(step.order(), precision, OptionalDouble.of(ours), peer(step.order(), precision), note);
    }

    // ---- kernels

    private void kernels(String family) throws BackendUnavailable {
        List<GpuCase> cases = GpuCases.family(family, quick);
        if (cases.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no family '" + family + "'; expected steps, steps:MODEL, products, memory or attention");
        }
        try (Backend backend = Backends.open("opencl")) {
            for (GpuCase each : cases) {
                boolean products = each.timed().work().flops() > 0;
                for (Precision precision : products ? Precision.values() : new Precision[] {Precision.FLOAT32}) {
                    unlessItFails(each.order(), () -> kernel(each, precision, backend));
                }
            }
        }
    }

    /** A kernel in a precision; an attention is float32 in each of ours, whatever its products are elsewhere. */
    @SuppressWarnings("try") // the scopes give the operands back
    private void kernel(GpuCase each, Precision precision, Backend backend) {
        boolean ours = precision == Precision.FLOAT32
                || (each.order().startsWith("product") && backend.products(precision) == precision);
        if (!ours) {
            line(each.order(), precision, OptionalDouble.empty(), peer(each.order(), precision), "");
            return;
        }
        try (Scope outer = backend.scope()) {
            KernelCase.Ready ready = each.proved(backend);
            try (Scope inner = backend.scope(precision)) {
                double milliseconds = milliseconds(ready.run(), backend);
                Work work = each.timed().work();
                double rate = work.rate(milliseconds * 1e6);
                String note = work.flops() > 0
                        ? String.format(Locale.ROOT, "%.2f TFLOP/s", rate / 1e3)
                        : String.format(Locale.ROOT, "%.0f GB/s", rate);
                line(each.order(), precision, OptionalDouble.of(milliseconds), peer(each.order(), precision), note);
            }
        }
    }

    /** Median of readings of some calls each, with a wait for the device at the end of each reading. */
    private double milliseconds(Runnable kernel, Backend backend) {
        once(kernel, 2, backend);
        double one = once(kernel, 1, backend);
        int calls = (int) Math.clamp(READING / Math.max(one, 1e-6), 1, 200);
        List<Double> readings = new ArrayList<>();
        double spent = 0;
        while (readings.size() < FEWEST || (spent < seconds && readings.size() < MOST)) {
            double reading = once(kernel, calls, backend);
            spent += reading;
            readings.add(reading * 1e3 / calls);
        }
        return median(readings);
    }

    private static double once(Runnable kernel, int calls, Backend backend) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            kernel.run();
        }
        backend.finish();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> numbers) {
        return PairedBenchmark.median(
                numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }

    // ---- the table

    private OptionalDouble peer(String order, Precision precision) {
        return peer == null ? OptionalDouble.empty() : peer.milliseconds(label(precision), seconds, order);
    }

    private static String label(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private static void line(String order, Precision precision, OptionalDouble ours, OptionalDouble peer, String note) {
        if (ours.isEmpty() && peer.isEmpty()) {
            return;
        }
        boolean both = ours.isPresent() && peer.isPresent();
        System.out.printf(
                "%-44s %-8s %10s %10s %6s  %s%n",
                order,
                label(precision),
                cell("%.3f", ours),
                cell("%.3f", peer),
                cell(
                        "%.2f",
                        both ? OptionalDouble.of(peer.getAsDouble() / ours.getAsDouble()) : OptionalDouble.empty()),
                note);
        System.out.flush();
    }

    private static String cell(String format, OptionalDouble number) {
        return number.isPresent() ? String.format(Locale.ROOT, format, number.getAsDouble()) : "-";
    }
}
