package org.safeclip.baseline;

import java.util.List;
import org.safeclip.Config;
import org.safeclip.Method;
import org.safeclip.MethodState;
import org.safeclip.Phase;
import org.safeclip.learn.Course;
import org.safeclip.learn.CrossModal;
import org.safeclip.learn.Learner;
import org.safeclip.nn.optim.Schedule;

/** CLIP as it is (Radford et al. 2021): every pair it is given is believed. */
public final class PlainClip implements Method {
    private final String name;
    private final Config config;
    private final Learner learner;
    private final CrossModal crossModal;
    private final int[] pairs;
    private final Course course;

    private PlainClip(String name, Config config, Learner learner, CrossModal crossModal, int[] pairs) {
        this.name = name;
        this.config = config;
        this.learner = learner;
        this.crossModal = crossModal;
        this.pairs = pairs;
        long steps = (long) config.clipEpochs() * learner.stepsOf(pairs.length);
        this.course = new Course(Schedule.fixed(config.clipRate(), config.warmupSteps(), Math.max(1, steps)));
    }

    /** With the same augmentation as SafeCLIP, for a fair race. */
    public static PlainClip augmented(Config config, Learner learner) {
        CrossModal loss = new CrossModal(config.clipCrossView() ? 2 : 1);
        return new PlainClip("clip", config, learner, loss, learner.everyPair());
    }

    /** On the pairs as they are, as CLIP is usually compared with. */
    public static PlainClip unaugmented(Config config, Learner learner) {
        return new PlainClip("clip-plain", config, learner, new CrossModal(1, true), learner.everyPair());
    }

    /** On the pairs that a {@link DuplicateFilter} leaves, with augmentation. */
    public static PlainClip filtered(Config config, Learner learner, int[] kept) {
        if (learner.stepsOf(kept.length) == 0) {
            throw new IllegalArgumentException(
                    "duplicatesAllowed: with " + config.mostDuplicates() + " the filter leaves " + kept.length + " of "
                            + learner.everyPair().length + " pairs, fewer than a batch; allow more");
        }
        return new PlainClip("clip-dedup", config, learner, new CrossModal(config.clipCrossView() ? 2 : 1), kept);
    }

    @Override
    public String name() {
        return name;
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
    public List<String> plan() {
        int all = learner.everyPair().length;
        return pairs.length == all
                ? List.of()
                : List.of("trained on " + pairs.length + " of " + all
                        + " pairs: the others show a picture that stands in" + " more than " + config.mostDuplicates());
    }

    @Override
    public void epoch(int epoch) {
        learner.pass(crossModal, pairs, course, epoch);
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
