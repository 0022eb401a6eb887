package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;

/**
 * The learning rates of SafeCLIP's passes: constant in the slow epochs, a linear rise and a cosine for each other kind of pass.
 * Every kind counts its own steps from 0, and its cosine ends when its passes do. How the authors' release counts instead:
 * {@link org.safeclip.reference.ReleaseLearningRates}.
 */
public class LearningRates {
    private final SafeClipSettings settings;
    private final Trainer trainer;
    private final int pairs;
    private final LrScheduler warmup;
    private final LrScheduler slow;
    private @Nullable Mixed mixed;

    /** Those of the mixed epochs, which can only be planned once the first split is known. */
    private record Mixed(double firstShare, LrScheduler risky, LrScheduler safe) {}

    /** The rates for a trainer's pairs. */
    public LearningRates(SafeClipSettings settings, Trainer trainer) {
        this(
                settings,
                trainer,
                Schedule.fixed(
                        settings.warmupLearningRate(),
                        trainer.settings().warmupSteps(),
                        Math.max(1, warmupSteps(settings, trainer))));
    }

    /** The rates with another schedule of the warm-up. */
    protected LearningRates(SafeClipSettings settings, Trainer trainer, Schedule warmup) {
        this.settings = settings;
        this.trainer = trainer;
        this.pairs = trainer.allPairs().length;
        this.warmup = new LrScheduler(warmup);
        this.slow = new LrScheduler(Schedule.constant(settings.slowLearningRate()));
    }

    private static long warmupSteps(SafeClipSettings settings, Trainer trainer) {
        return (long) settings.warmupEpochs() * trainer.stepsOf(trainer.allPairs().length);
    }

    /** For the in-modal pass over all pairs in an epoch (from 1) of the warm-up. */
    public LrScheduler warmup(int epoch) {
        return warmup;
    }

    /** For the slow pass over all pairs. */
    public LrScheduler slow() {
        return slow;
    }

    /**
     * Plans the mixed epochs once their first split is known; called before {@link #risky} and {@link #safe}.
     *
     * @param firstShare share of the pairs in the first safe set
     */
    public void planMixed(double firstShare) {
        int safeSteps = 0;
        int riskySteps = 0;
        double share = firstShare;
        for (int i = 0; i < settings.mixedEpochs(); i++) {
            int safe = (int) (pairs * share);
            safeSteps += timesSafe(safe) * trainer.stepsOf(safe);
            riskySteps += trainer.stepsOf(pairs - safe);
            share = Math.min(share + settings.growth(), settings.cap());
        }
        int rise = settings.mixedWarmupSteps();
        planMixed(
                firstShare,
                Schedule.fixed(settings.riskyLearningRate(), rise, Math.max(1, riskySteps)),
                Schedule.fixed(settings.safeLearningRate(), rise, Math.max(1, safeSteps)));
    }

    /** Plans the mixed epochs with the given schedules. */
    protected final void planMixed(double firstShare, Schedule risky, Schedule safe) {
        mixed = new Mixed(firstShare, new LrScheduler(risky), new LrScheduler(safe));
    }

    /** For the in-modal pass over that many risky pairs in an epoch (from 1). */
    public LrScheduler risky(int epoch, int riskyPairs) {
        return mixed().risky();
    }

    /** For the cross-modal pass over the safe pairs in an epoch (from 1). */
    public LrScheduler safe(int epoch) {
        return mixed().safe();
    }

    /** How often an epoch visits that many safe pairs: until it has about as many steps as the settings want. */
    public final int timesSafe(int safe) {
        return (int) Math.max(1, Math.round((double) settings.safeSteps() / Math.max(1, trainer.stepsOf(safe))));
    }

    /** What the user should know beforehand, a line each: a rise that is cut because it would not end in time. */
    public final List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        long total = warmupSteps(settings, trainer);
        int rise = trainer.settings().warmupSteps();
        if (rise >= total && total > 0) {
            remarks.add("training.warmupSteps is " + rise + ", but the in-modal warm-up has only " + total
                    + " steps: the learning rate rises over a tenth of them");
        }
        return remarks;
    }

    private Mixed mixed() {
        Mixed now = mixed;
        if (now == null) {
            throw new IllegalStateException("the mixed epochs have no plan yet; call planMixed first");
        }
        return now;
    }

    /** Writes down the steps taken. */
    final void save(MethodState state) {
        state.put("warmup", warmup.steps());
        state.put("slow", slow.steps());
        Mixed now = mixed;
        if (now != null) {
            state.put("firstShare", now.firstShare());
            state.put("risky", now.risky().steps());
            state.put("safe", now.safe().steps());
        }
    }

    /** Continues from what was written down. */
    final void restore(MethodState state) {
        warmup.restore(state.count("warmup"));
        slow.restore(state.count("slow"));
        if (state.has("firstShare")) {
            planMixed(state.number("firstShare"));
            mixed().risky().restore(state.count("risky"));
            mixed().safe().restore(state.count("safe"));
        }
    }
}
