package org.safeclip.experiments.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Estimates the time until a command is finished: the work left of all its runs, times what each kind of work has cost so far.
 * Steps count by their recent speed, because the first ones are slow until the virtual machine has compiled them. Work of a kind
 * that has not been measured yet is estimated from the steps of another.
 */
final class TimeLeft {
    /** What work costs in cross-modal steps before it is measured; measured on the demo. */
    private static final Map<String, Double> USUAL = Map.of(
            Workload.IN_MODAL,
            1.9,
            "pool",
            1.2,
            "clean",
            2.0,
            Workload.SCORING,
            3.0,
            Workload.EVALUATION,
            11.0,
            Workload.LAST_EVALUATION,
            45.0);

    /** Weight of the latest step in the mean: about the last thirty count. */
    private static final double NEWEST = 1.0 / 30;

    /** How many times its equal share the latest of fewer steps weighs, so that the first, which are slow, are soon forgotten. */
    private static final int FORGETTING = 4;

    /** Steps before the speed is trusted. */
    private static final int FIRST_STEPS = 20;

    private final List<Workload> runs;
    private final LongSupplier nanoTime;
    private final Map<String, Double> costs = new HashMap<>(); // seconds per unit
    private final Map<String, Integer> measured = new HashMap<>();
    private int run = -1;
    private int epoch;
    private Map<String, Double> left = Map.of(); // of the present epoch
    private long before;

    TimeLeft(List<Workload> runs) {
        this(runs, System::nanoTime);
    }

    TimeLeft(List<Workload> runs, LongSupplier nanoTime) {
        this.runs = List.copyOf(runs);
        this.nanoTime = nanoTime;
        before = nanoTime.getAsLong();
    }

    /** The next run starts, or resumes after some trained epochs. */
    void runStarted(int trained) {
        run++;
        epoch = trained;
        left = Map.of();
        before = nanoTime.getAsLong();
    }

    /** An epoch of the run starts, from 1. */
    void epochStarted(int now) {
        epoch = now;
        List<Map<String, Double>> planned = runs.get(run).epochs();
        left = now <= planned.size() ? new LinkedHashMap<>(planned.get(now - 1)) : new LinkedHashMap<>();
        before = nanoTime.getAsLong();
    }

    /** A step of a pass of so many steps was taken. */
    void stepped(String objective, int number, int of) {
        double seconds = lap();
        int times = measured.merge(objective, 1, Integer::sum);
        double known = costs.getOrDefault(objective, seconds);
        costs.put(
                objective,
                known + (seconds - known) * Math.max(NEWEST, (double) FORGETTING / (times + FORGETTING - 1)));
        left.put(objective, (double) of - number);
    }

    /** Other work of the kind, which happens once in an epoch, was done. */
    void done(String kind) {
        Double amount = left.remove(kind);
        costs.put(kind, lap() / (amount == null ? 1 : amount));
    }

    /** The run has ended. */
    void runEnded() {
        left = Map.of();
        epoch = runs.get(Math.max(0, run)).epochs().size();
    }

    private double lap() {
        long now = nanoTime.getAsLong();
        double seconds = (now - before) / 1e9;
        before = now;
        return seconds;
    }

    /** Seconds until all runs are finished; empty before the speed is known. */
    OptionalDouble seconds() {
        String reference = costs.containsKey(Workload.CROSS_MODAL) ? Workload.CROSS_MODAL : Workload.IN_MODAL;
        if (measured.getOrDefault(reference, 0) < FIRST_STEPS) {
            return OptionalDouble.empty();
        }
        double unit = costs.getOrDefault(reference, 0.0) / USUAL.getOrDefault(reference, 1.0);
        double seconds = cost(left, unit);
        for (int r = Math.max(0, run); r < runs.size(); r++) {
            List<Map<String, Double>> epochs = runs.get(r).epochs();
            int next = r == run ? Math.min(epoch, epochs.size()) : 0;
            for (Map<String, Double> work : epochs.subList(next, epochs.size())) {
                seconds += cost(work, unit);
            }
        }
        return OptionalDouble.of(seconds);
    }

    private double cost(Map<String, Double> work, double unit) {
        double seconds = 0;
        for (Map.Entry<String, Double> part : work.entrySet()) {
            String kind = part.getKey();
            Double known = costs.get(kind);
            seconds += part.getValue() * (known == null ? unit * USUAL.getOrDefault(kind, 1.0) : known);
        }
        return seconds;
    }
}
