package org.safeclip.reference;

import org.safeclip.LearningRates;
import org.safeclip.SafeClipSettings;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;

/**
 * Learning rates as the authors' release counts them, with nb steps in an epoch over all pairs and E' mixed epochs:
 *
 * <pre>
 * warm-up   t = nb·epoch + batch,            total = nb·(warm-up and slow epochs)
 * risky     t = (risky steps)·epoch + batch, total = nb·Σ (r0 + growth·i), i = 0 ... E' − 1
 * safe      t = ⌊total / E'⌋·epoch + batch,  the same total
 * </pre>
 *
 * with the absolute epoch, from 1: the mixed epochs start far past 0 and run past the end, where the cosine rises again, so the
 * rates swing.
 */
public final class ReleaseLearningRates extends LearningRates {
    private final SafeClipSettings settings;
    private final Trainer trainer;
    private final int pairs;
    private double mixedTotal;

    /** The rates for a trainer's pairs. */
    public ReleaseLearningRates(SafeClipSettings settings, Trainer trainer) {
        super(
                settings,
                trainer,
                schedule(
                        settings.warmupLearningRate(),
                        trainer.settings().warmupSteps(),
                        (settings.warmupEpochs() + settings.slowEpochs())
                                * trainer.stepsOf(trainer.allPairs().length)));
        this.settings = settings;
        this.trainer = trainer;
        this.pairs = trainer.allPairs().length;
    }

    private static Schedule schedule(double rate, int rise, double total) {
        double atLeastOne = Math.max(1, total);
        return Schedule.faithful(rate, rise >= atLeastOne ? (int) (atLeastOne / 10) : rise, atLeastOne);
    }

    @Override
    public LrScheduler warmup(int epoch) {
        return at(super.warmup(epoch), (long) trainer.stepsOf(pairs) * epoch);
    }

    @Override
    public void planMixed(double firstShare) {
        double sum = 0;
        for (int i = 0; i < settings.mixedEpochs(); i++) {
            sum += firstShare + settings.growth() * i;
        }
        mixedTotal = sum * trainer.stepsOf(pairs);
        int rise = settings.mixedWarmupSteps();
        planMixed(
                firstShare,
                schedule(settings.riskyLearningRate(), rise, mixedTotal),
                schedule(settings.safeLearningRate(), rise, mixedTotal));
    }

    @Override
    public LrScheduler risky(int epoch, int riskyPairs) {
        return at(super.risky(epoch, riskyPairs), (long) trainer.stepsOf(riskyPairs) * epoch);
    }

    @Override
    public LrScheduler safe(int epoch) {
        long each = (long) (mixedTotal / settings.mixedEpochs()); // rounded down, as in the release
        return at(super.safe(epoch), each * epoch);
    }

    private static LrScheduler at(LrScheduler scheduler, long step) {
        scheduler.restore(step);
        return scheduler;
    }
}
