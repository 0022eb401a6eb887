package org.safeclip;

import org.jspecify.annotations.Nullable;
import org.safeclip.learn.Course;
import org.safeclip.learn.CrossModal;
import org.safeclip.learn.InModal;
import org.safeclip.learn.Learner;
import org.safeclip.learn.NeighbourPool;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.trust.SafeSplit;
import org.safeclip.trust.Similarities;
import org.safeclip.trust.Trust;

/**
 * SafeCLIP, Algorithm 1. First each modality learns alone, then pictures and captions meet for a short while at a slow rate:
 * enough for honest pairs, which many others resemble, to move together, and too little for poisons. From then on only the
 * pairs that look safe are matched with each other; the risky rest still teaches each modality on its own.
 */
public final class SafeClip implements Method {
    private final Config config;
    private final Learner learner;
    private final Watcher watcher;
    private final NeighbourPool imagePool;
    private final NeighbourPool textPool;
    private final CrossModal crossModal;
    private final int[] everyPair;
    private final Course warmup;
    private final Course slow;
    private @Nullable Mixed mixed;

    /** Who is told how the pairs were divided. */
    @FunctionalInterface
    public interface Watcher {
        /** The split of one epoch, before it is learned from. */
        void split(int epoch, Trust trust, SafeSplit split);
    }

    /** The third phase: the split, and a course of its own for each of its two passes. */
    private record Mixed(double firstShare, SafeSplit split, Course risky, Course safe) {
        Mixed with(SafeSplit next) {
            return new Mixed(firstShare, next, risky, safe);
        }
    }

    /** SafeCLIP at its start, to train the learner's model. */
    public SafeClip(Config config, Learner learner, Watcher watcher) {
        this.config = config;
        this.learner = learner;
        this.watcher = watcher;
        this.everyPair = learner.everyPair();
        int rows = config.poolRows(everyPair.length);
        var backend = learner.model().backend();
        this.imagePool = NeighbourPool.random(rows, config.embedding(), backend, config.random("image pool"));
        this.textPool = NeighbourPool.random(rows, config.embedding(), backend, config.random("text pool"));
        this.crossModal = new CrossModal(config.crossView() ? 2 : 1);
        long steps = (long) config.inModalWarmup() * learner.stepsOf(everyPair.length);
        this.warmup = new Course(Schedule.fixed(config.inModalRate(), config.warmupSteps(), Math.max(1, steps)));
        this.slow = new Course(Schedule.constant(config.slowRate()));
    }

    @Override
    public String name() {
        return "safeclip";
    }

    @Override
    public int epochs() {
        return config.inModalWarmup() + config.crossModalWarmup() + config.mixedEpochs();
    }

    @Override
    public Phase phase(int epoch) {
        if (epoch <= config.inModalWarmup()) {
            return Phase.WARM_UP;
        }
        return epoch <= config.inModalWarmup() + config.crossModalWarmup() ? Phase.SLOW : Phase.MIXED;
    }

    @Override
    public void epoch(int epoch) {
        switch (phase(epoch)) {
            case WARM_UP -> learner.pass(inModal(epoch), everyPair, warmup, epoch);
            case SLOW -> learner.pass(crossModal, everyPair, slow, epoch);
            case MIXED, TRAIN -> {
                Trust trust = trust(epoch);
                Mixed now = mixed == null ? firstSplit(trust) : mixed.with(nextSplit(mixed.split(), trust));
                mixed = now;
                watcher.split(epoch, trust, now.split());
                learner.pass(inModal(epoch), now.split().risky(), now.risky(), epoch);
                learner.passes(
                        passes(now.split().safe().length),
                        crossModal,
                        now.split().safe(),
                        now.safe(),
                        epoch);
            }
        }
    }

    /** Neighbours are asked for once they are likely to be of the same kind. */
    private InModal inModal(int epoch) {
        return new InModal(imagePool, textPool, epoch > config.neighboursAfter());
    }

    /** How far each pair can be trusted: its similarity, and the mixture's belief that it is one of the honest ones. */
    private Trust trust(int epoch) {
        float[] similarity = config.scoringDraws() == 0
                ? Similarities.ofPlainPairs(learner.model(), learner.views())
                : Similarities.ofViews(learner.model(), learner.views(), epoch, config.scoringDraws());
        return Trust.of(similarity, config.mixtureTolerance(), config.mixtureIterations(), config.monotone());
    }

    /** A small safe set is passed over several times, until the epoch has about as many steps as the settings want. */
    private int passes(int safe) {
        return (int) Math.max(1, Math.round((double) config.safeSteps() / Math.max(1, learner.stepsOf(safe))));
    }

    private Mixed firstSplit(Trust trust) {
        SafeSplit split = SafeSplit.first(trust, config.safeThreshold(), config.batch());
        return mixed(split.share(), split);
    }

    private SafeSplit nextSplit(SafeSplit split, Trust trust) {
        return split.next(trust, config.safeGrowth(), config.safeCap(), config.safeFloor());
    }

    /** The courses of the third phase end when its passes do, so they are as long as the planned growth makes them. */
    private Mixed mixed(double firstShare, SafeSplit split) {
        long safeSteps = 0;
        long riskySteps = 0;
        double share = firstShare;
        for (int i = 0; i < config.mixedEpochs(); i++) {
            int safe = (int) (everyPair.length * share);
            safeSteps += (long) passes(safe) * learner.stepsOf(safe);
            riskySteps += learner.stepsOf(everyPair.length - safe);
            share = Math.min(share + config.safeGrowth(), config.safeCap());
        }
        return new Mixed(
                firstShare,
                split,
                new Course(Schedule.fixed(config.riskyRate(), config.mixedWarmupSteps(), Math.max(1, riskySteps))),
                new Course(Schedule.fixed(config.crossModalRate(), config.mixedWarmupSteps(), Math.max(1, safeSteps))));
    }

    /** The present split, or null before the first. */
    public @Nullable SafeSplit split() {
        Mixed now = mixed;
        return now == null ? null : now.split();
    }

    @Override
    public void save(MethodState state) {
        state.put("warmup", warmup.steps());
        state.put("slow", slow.steps());
        state.put("imagePool", imagePool);
        state.put("textPool", textPool);
        Mixed now = mixed;
        if (now != null) {
            state.put("firstShare", now.firstShare());
            state.put("split", now.split());
            state.put("risky", now.risky().steps());
            state.put("safe", now.safe().steps());
        }
    }

    @Override
    public void restore(MethodState state) {
        warmup.restore(state.count("warmup"));
        slow.restore(state.count("slow"));
        state.restore("imagePool", imagePool);
        state.restore("textPool", textPool);
        if (state.has("firstShare")) {
            Mixed now = mixed(state.number("firstShare"), state.split("split", everyPair.length));
            now.risky().restore(state.count("risky"));
            now.safe().restore(state.count("safe"));
            mixed = now;
        }
    }
}
