package org.safeclip.baseline;

import java.util.List;
import org.safeclip.Config;
import org.safeclip.Method;
import org.safeclip.MethodState;
import org.safeclip.Phase;
import org.safeclip.learn.Course;
import org.safeclip.learn.Learner;
import org.safeclip.nn.optim.Schedule;

/**
 * CleanCLIP (Bansal et al., ICCV 2023): CLIP as it is, poisons and all, and then fine-tuned on pairs known to be clean. A
 * defence after the fact, which needs what the others do not have; the pairs are given to it, it cannot find them.
 */
public final class CleanClip implements Method {
    private final Config config;
    private final Learner learner;
    private final PlainClip pretraining;
    private final int[] clean;
    private final Course course;

    /**
     * CleanCLIP at its start, to train the learner's model.
     *
     * @param clean pairs known to be clean
     */
    public CleanClip(Config config, Learner learner, int[] clean) {
        this.config = config;
        this.learner = learner;
        this.pretraining = PlainClip.augmented(config, learner);
        this.clean = clean.clone();
        long steps = (long) config.cleanclipEpochs() * learner.stepsOf(clean.length);
        this.course =
                new Course(Schedule.fixed(config.cleanclipRate(), config.cleanclipWarmupSteps(), Math.max(1, steps)));
    }

    @Override
    public String name() {
        return "cleanclip";
    }

    @Override
    public int epochs() {
        return pretraining.epochs() + config.cleanclipEpochs();
    }

    @Override
    public Phase phase(int epoch) {
        return epoch <= pretraining.epochs() ? Phase.TRAIN : Phase.FINE_TUNE;
    }

    @Override
    public List<String> plan() {
        return List.of("after the fact: CLIP for " + pretraining.epochs() + " epochs, then " + clean.length
                + " pairs known to be clean for " + config.cleanclipEpochs());
    }

    @Override
    public void epoch(int epoch) {
        if (phase(epoch) == Phase.TRAIN) {
            pretraining.epoch(epoch);
            return;
        }
        if (epoch == pretraining.epochs() + 1) {
            learner.forgetMoments();
        }
        learner.pass(new CleanLoss(config.cleanclipWeight()), clean, course, epoch);
    }

    @Override
    public void save(MethodState state) {
        pretraining.save(state);
        state.put("cleanSteps", course.steps());
    }

    @Override
    public void restore(MethodState state) {
        pretraining.restore(state);
        if (state.has("cleanSteps")) { // a checkpoint of CLIP has none: fine-tuning is about to begin
            course.restore(state.count("cleanSteps"));
        }
    }
}
