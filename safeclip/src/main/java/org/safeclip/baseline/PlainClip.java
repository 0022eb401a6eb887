package org.safeclip.baseline;

import org.safeclip.Config;
import org.safeclip.Method;
import org.safeclip.MethodState;
import org.safeclip.Phase;
import org.safeclip.learn.Course;
import org.safeclip.learn.CrossModal;
import org.safeclip.learn.Learner;
import org.safeclip.nn.optim.Schedule;

/** CLIP as it is (Radford et al. 2021): every pair is believed. With the same augmentation as SafeCLIP, for a fair race. */
public final class PlainClip implements Method {
    private final Config config;
    private final Learner learner;
    private final CrossModal crossModal;
    private final int[] everyPair;
    private final Course course;

    /** CLIP at its start, to train the learner's model. */
    public PlainClip(Config config, Learner learner) {
        this.config = config;
        this.learner = learner;
        this.crossModal = new CrossModal(config.clipCrossView() ? 2 : 1);
        this.everyPair = learner.everyPair();
        long steps = (long) config.clipEpochs() * learner.stepsOf(everyPair.length);
        this.course = new Course(Schedule.fixed(config.clipRate(), config.warmupSteps(), Math.max(1, steps)));
    }

    @Override
    public String name() {
        return "clip";
    }

    @Override
    public int epochs() {
        return config.clipEpochs();
    }

    @Override
    public Phase phase(int epoch) {
        return Phase.TRAIN;
    }

    @Override
    public void epoch(int epoch) {
        learner.pass(crossModal, everyPair, course, epoch);
    }

    @Override
    public void save(MethodState state) {
        state.put("steps", course.steps());
    }

    @Override
    public void restore(MethodState state) {
        course.restore(state.count("steps"));
    }
}
