package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.learn.Course;
import org.safeclip.learn.Learner;
import org.safeclip.nn.optim.Schedule;

/**
 * The learning rates of SafeCLIP's passes: a constant one for the slow epochs, a warm-up and a cosine for each other kind of
 * pass. {@link RateRule#FIXED}: counters run from 0 and the cosines end when the passes do. {@link RateRule#REFERENCE}: the
 * release's arithmetic, with nb steps in an epoch over all pairs and E' epochs of the third phase:
 *
 * <pre>
 * warm-up   t = nb·epoch + batch,          total = nb·(warm-up and slow epochs)
 * risky     t = (risky steps)·epoch + batch, total = nb·Σ (r0 + growth·i), i = 0 ... E' − 1
 * safe      t = ⌊total / E'⌋·epoch + batch,  the same total
 * </pre>
 *
 * with the absolute epoch, from 1: the third phase starts far past 0 and runs past the end, so its rates swing.
 */
final class Courses {
    private final Config config;
    private final Learner learner;
    private final int pairs;
    private final Course warmup;
    private final Course slow;
    private @Nullable Mixed mixed;

    /** Those of the third phase, which only the first split lays out. */
    private record Mixed(double firstShare, double referenceTotal, Course risky, Course safe) {}

    Courses(Config config, Learner learner) {
        this.config = config;
        this.learner = learner;
        this.pairs = learner.everyPair().length;
        int epochs = config.inModalWarmup() + (reference() ? config.crossModalWarmup() : 0);
        int total = epochs * learner.stepsOf(pairs);
        this.warmup = new Course(schedule(config.inModalRate(), config.warmupSteps(), total));
        this.slow = new Course(Schedule.constant(config.slowRate()));
    }

    private boolean reference() {
        return config.rateRule() == RateRule.REFERENCE;
    }

    private Schedule schedule(double rate, int warmupSteps, double total) {
        double atLeast = Math.max(1, total);
        int fitting = warmupSteps >= atLeast ? (int) (atLeast / 10) : warmupSteps;
        return reference()
                ? Schedule.faithful(rate, fitting, atLeast)
                : Schedule.fixed(rate, warmupSteps, (long) atLeast);
    }

    /** For the in-modal pass over all pairs. */
    Course warmup(int epoch) {
        return reference() ? at(warmup, (long) learner.stepsOf(pairs) * epoch) : warmup;
    }

    /** For the slow pass over all pairs. */
    Course slow() {
        return slow;
    }

    /** Lays out the third phase, once its first split is known. */
    void layOut(double firstShare) {
        double sum = 0;
        for (int i = 0; i < config.mixedEpochs(); i++) {
            sum += firstShare + config.safeGrowth() * i;
        }
        double referenceTotal = sum * learner.stepsOf(pairs);
        int safeSteps = 0;
        int riskySteps = 0;
        double share = firstShare;
        for (int i = 0; i < config.mixedEpochs(); i++) {
            int safe = (int) (pairs * share);
            safeSteps += timesSafe(safe) * learner.stepsOf(safe);
            riskySteps += learner.stepsOf(pairs - safe);
            share = Math.min(share + config.safeGrowth(), config.safeCap());
        }
        int rise = config.mixedWarmupSteps();
        mixed = new Mixed(
                firstShare,
                referenceTotal,
                new Course(schedule(config.riskyRate(), rise, reference() ? referenceTotal : riskySteps)),
                new Course(schedule(config.crossModalRate(), rise, reference() ? referenceTotal : safeSteps)));
    }

    /** For the pass over so many risky pairs. */
    Course risky(int epoch, int risky) {
        Course course = mixed().risky();
        return reference() ? at(course, (long) learner.stepsOf(risky) * epoch) : course;
    }

    /** For the pass over the safe pairs. */
    Course safe(int epoch) {
        Mixed now = mixed();
        long each = (long) (now.referenceTotal() / config.mixedEpochs()); // rounded down, as the release does
        return reference() ? at(now.safe(), each * epoch) : now.safe();
    }

    /** A small safe set is passed over several times, until the epoch has about as many steps as the settings want. */
    int timesSafe(int safe) {
        return (int) Math.max(1, Math.round((double) config.safeSteps() / Math.max(1, learner.stepsOf(safe))));
    }

    /** What is known of the rates beforehand: warm-ups that were cut because they would not end in time. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        long total = (long) config.inModalWarmup() * learner.stepsOf(pairs);
        if (config.warmupSteps() >= total && total > 0) {
            remarks.add("warmupSteps is " + config.warmupSteps() + ", but the in-modal warm-up has only " + total
                    + " steps: the rise is cut to a tenth of them");
        }
        return remarks;
    }

    private static Course at(Course course, long step) {
        course.restore(step);
        return course;
    }

    private Mixed mixed() {
        Mixed now = mixed;
        if (now == null) {
            throw new IllegalStateException("the third phase has not begun");
        }
        return now;
    }

    void save(MethodState state) {
        state.put("warmup", warmup.steps());
        state.put("slow", slow.steps());
        Mixed now = mixed;
        if (now != null) {
            state.put("firstShare", now.firstShare());
            state.put("risky", now.risky().steps());
            state.put("safe", now.safe().steps());
        }
    }

    void restore(MethodState state) {
        warmup.restore(state.count("warmup"));
        slow.restore(state.count("slow"));
        if (state.has("firstShare")) {
            layOut(state.number("firstShare"));
            mixed().risky().restore(state.count("risky"));
            mixed().safe().restore(state.count("safe"));
        }
    }
}
