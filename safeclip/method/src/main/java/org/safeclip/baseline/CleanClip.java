package org.safeclip.baseline;

import java.util.List;
import org.safeclip.MethodState;
import org.safeclip.TrainingMethod;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingPhase;

/**
 * CleanCLIP (Bansal et al., ICCV 2023): CLIP on all pairs, poisons included, then fine-tuning on pairs known to be clean. A defence
 * after the fact that needs what the others do not have: it is given the clean pairs, it cannot find them.
 */
public final class CleanClip implements TrainingMethod {
    private final CleanClipSettings settings;
    private final Trainer trainer;
    private final Clip pretraining;
    private final int[] clean;
    private final LrScheduler learningRate;

    /**
     * CleanCLIP for the model and pairs of a trainer.
     *
     * @param clip settings of the pre-training
     * @param clean indices of pairs known to be clean
     */
    public CleanClip(ClipSettings clip, CleanClipSettings settings, Trainer trainer, int[] clean) {
        this.settings = settings;
        this.trainer = trainer;
        this.pretraining = Clip.augmented(clip, trainer);
        this.clean = clean.clone();
        long steps = (long) settings.epochs() * trainer.stepsOf(clean.length);
        this.learningRate =
                new LrScheduler(Schedule.fixed(settings.learningRate(), settings.warmupSteps(), Math.max(1, steps)));
    }

    @Override
    public String name() {
        return "cleanclip";
    }

    @Override
    public int epochs() {
        return pretraining.epochs() + settings.epochs();
    }

    @Override
    public List<String> plan() {
        return List.of("after the fact: CLIP for " + pretraining.epochs() + " epochs, then " + clean.length
                + " pairs known to be clean for " + settings.epochs());
    }

    @Override
    public void train(EpochLoop epochs) {
        pretraining.train(epochs);
        for (int epoch : epochs.phase(TrainingPhase.FINE_TUNE, settings.epochs())) {
            if (epoch == pretraining.epochs() + 1 && !trainer.continues(epoch)) {
                trainer.resetMoments();
            }
            trainer.pass(epoch, new CleanLoss(settings.inModalWeight()), clean, learningRate);
        }
    }

    @Override
    public void save(MethodState state) {
        pretraining.save(state);
        state.put("cleanSteps", learningRate.steps());
    }

    @Override
    public void restore(MethodState state) {
        pretraining.restore(state);
        if (state.has("cleanSteps")) { // a checkpoint of CLIP has none: fine-tuning is about to start
            learningRate.restore(state.count("cleanSteps"));
        }
    }
}
