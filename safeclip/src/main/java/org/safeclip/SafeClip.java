package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.safeclip.learn.CrossModal;
import org.safeclip.learn.InModal;
import org.safeclip.learn.Learner;
import org.safeclip.learn.NeighbourPool;
import org.safeclip.learn.Pass;
import org.safeclip.learn.Seconds;
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
    private final Courses courses;
    private final int[] everyPair;
    private @Nullable SafeSplit split;

    /** Who is told how the pairs were divided. */
    @FunctionalInterface
    public interface Watcher {
        /** The split of one epoch, before it is learned from. */
        void split(int epoch, Trust trust, SafeSplit split);
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
        this.courses = new Courses(config, learner);
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
            case WARM_UP -> learner.pass(inModal(epoch), everyPair, courses.warmup(epoch), epoch);
            case SLOW -> learner.pass(crossModal, everyPair, courses.slow(), epoch);
            default -> {
                Trust trust = trust(epoch);
                SafeSplit now = split == null ? firstSplit(trust) : nextSplit(split, trust);
                split = now;
                watcher.split(epoch, trust, now);
                learnFrom(now, epoch);
            }
        }
    }

    /** How far each pair can be trusted: its similarity, and the mixture's belief that it is one of the honest ones. */
    private Trust trust(int epoch) {
        Seconds start = Seconds.now();
        float[] similarity = config.scoringDraws() == 0
                ? Similarities.ofPlainPairs(learner.model(), learner.views())
                : Similarities.ofViews(learner.model(), learner.views(), epoch, config.scoringDraws());
        Seconds cost = Seconds.now().since(start);
        return Trust.of(similarity, config.mixtureTolerance(), config.mixtureIterations(), config.monotone())
                .scoredIn(cost);
    }

    private SafeSplit firstSplit(Trust trust) {
        SafeSplit first = config.selector() == Selector.COSINE
                ? SafeSplit.mostSimilar(trust, config.cosineShare())
                : SafeSplit.first(trust, config.safeThreshold(), config.batch());
        courses.layOut(first.share());
        return first;
    }

    private SafeSplit nextSplit(SafeSplit last, Trust trust) {
        return config.selector() == Selector.COSINE
                ? last.nextMostSimilar(trust, config.safeGrowth(), config.safeCap())
                : last.next(trust, config.safeGrowth(), config.safeCap(), config.safeFloor());
    }

    private void learnFrom(SafeSplit now, int epoch) {
        if (config.poolRefill() && asksPools(epoch)) {
            learner.fill(epoch, imagePool, textPool);
        }
        int[] safe = now.safe();
        int[] risky = now.risky();
        Pass apart = new Pass(inModal(epoch), risky, courses.risky(epoch, risky.length), 1, config.riskyWeight());
        Pass together =
                new Pass(crossModal, safe, courses.safe(epoch), courses.timesSafe(safe.length), config.safeWeight());
        switch (config.passOrder()) {
            case RISKY_SAFE -> learner.inTurn(epoch, apart, together);
            case SAFE_RISKY -> learner.inTurn(epoch, together, apart);
            case INTERLEAVED -> learner.interleaved(epoch, apart, together);
        }
    }

    private InModal inModal(int epoch) {
        return new InModal(imagePool, textPool, asksPools(epoch));
    }

    /** Neighbours are asked for once they are likely to be of the same kind. */
    private boolean asksPools(int epoch) {
        return config.neighbours() && epoch > config.neighboursAfter();
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        boolean known = config.selector() == Selector.COSINE;
        double first = known ? config.cosineShare() : 0.12;
        double last = SafeSplit.projectedShare(first, config.mixedEpochs() - 1, config.safeGrowth(), config.safeCap());
        plan.add(String.format(
                Locale.ROOT,
                "safe set: %s, +%.0f %% of the pairs an epoch up to %.0f %%; %.0f %% in the last epoch",
                known
                        ? String.format(Locale.ROOT, "%.0f %% at first", 100 * first)
                        : "if 12 % at first (the mixture decides; 6 to 18 % in the paper)",
                100 * config.safeGrowth(),
                100 * config.safeCap(),
                100 * last));
        plan.addAll(courses.remarks());
        return plan;
    }

    /** The present split, or null before the first. */
    public @Nullable SafeSplit split() {
        return split;
    }

    @Override
    public void save(MethodState state) {
        courses.save(state);
        state.put("imagePool", imagePool);
        state.put("textPool", textPool);
        SafeSplit now = split;
        if (now != null) {
            state.put("split", now);
        }
    }

    @Override
    public void restore(MethodState state) {
        courses.restore(state);
        state.restore("imagePool", imagePool);
        state.restore("textPool", textPool);
        if (state.has("firstShare")) {
            split = state.split("split", everyPair.length);
        }
    }
}
