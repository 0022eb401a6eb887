package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.safeclip.loss.CrossModal;
import org.safeclip.loss.InModalPools;
import org.safeclip.loss.PoolSettings;
import org.safeclip.selection.MixtureSelector;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSelector;
import org.safeclip.selection.SafeSplit;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Pass;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingPhase;

/**
 * SafeCLIP, Algorithm 1 (Yang, Gao and Mirzasoleiman, ICML 2024). First each modality is trained alone, then images and captions
 * meet for a short while at a slow learning rate: enough for honest pairs, which resemble many others, to become similar, and too
 * little for poisons. From then on only the pairs that look safe are matched with each other; the risky rest still trains each
 * modality on its own.
 */
public final class SafeClip implements TrainingMethod {
    private final SafeClipSettings settings;
    private final ScoringSettings scoring;
    private final Trainer trainer;
    private final LearningRates rates;
    private final SafeSelector selector;
    private final MixedEpoch mixedEpoch;
    private final InModalPools pools;
    private final CrossModal crossModal;
    private final int[] allPairs;
    private @Nullable SafeSplit split;

    /** The paper's algorithm, for the model and pairs of a trainer. */
    public SafeClip(SafeClipSettings settings, Trainer trainer) {
        this(settings, ScoringSettings.defaults(), PoolSettings.defaults(), trainer);
    }

    /** The paper's algorithm with settings for the scores and the pools. */
    public SafeClip(SafeClipSettings settings, ScoringSettings scoring, PoolSettings pools, Trainer trainer) {
        this(
                settings,
                scoring,
                pools,
                trainer,
                new LearningRates(settings, trainer),
                mixtureSelector(settings, trainer),
                MixedEpoch.RISKY_THEN_SAFE);
    }

    /** The algorithm with some parts of one's own, such as those of {@link org.safeclip.reference}. */
    public SafeClip(
            SafeClipSettings settings,
            ScoringSettings scoring,
            PoolSettings pools,
            Trainer trainer,
            LearningRates rates,
            SafeSelector selector,
            MixedEpoch mixedEpoch) {
        this.settings = settings;
        this.scoring = scoring;
        this.trainer = trainer;
        this.rates = rates;
        this.selector = selector;
        this.mixedEpoch = mixedEpoch;
        this.pools = new InModalPools(pools, trainer);
        this.crossModal = new CrossModal(settings.crossView() ? 2 : 1);
        this.allPairs = trainer.allPairs();
    }

    /** The paper's choice of the safe pairs. */
    public static SafeSelector mixtureSelector(SafeClipSettings settings, Trainer trainer) {
        return new MixtureSelector(
                settings.threshold(),
                trainer.settings().batchSize(),
                settings.growth(),
                settings.cap(),
                settings.floor());
    }

    @Override
    public void train(EpochLoop epochs) {
        // Warm up each modality on its own, with all pairs: no image meets a caption (section 4.1).
        for (int epoch : epochs.phase(TrainingPhase.WARM_UP, settings.warmupEpochs())) {
            trainer.pass(epoch, pools.objective(epoch), allPairs, rates.warmup(epoch));
        }
        // Match images with captions for one epoch, with all pairs at a slow learning rate (section 4.2).
        for (int epoch : epochs.phase(TrainingPhase.SLOW, settings.slowEpochs())) {
            trainer.pass(epoch, crossModal, allPairs, rates.slow());
        }
        for (int epoch : epochs.phase(TrainingPhase.MIXED, settings.mixedEpochs())) {
            // Fit the mixture to the similarities of all pairs (section 4.2).
            PairScores scores = PairScores.of(trainer.model(), trainer.augmentation(), epoch, scoring);
            // Divide the pairs into safe and risky ones; the safe set grows from epoch to epoch (section 4.3).
            SafeSplit now = split == null ? firstSplit(scores) : selector.next(split, scores);
            split = now;
            trainer.listener().split(epoch, scores, now);
            // Train each modality on its own with the risky pairs, and the CLIP loss with the safe ones (section 4.3).
            mixedEpoch.train(trainer, epoch, risky(now.risky(), epoch), safe(now.safe(), epoch));
        }
    }

    private SafeSplit firstSplit(PairScores scores) {
        SafeSplit first = selector.first(scores);
        rates.planMixed(first.share());
        return first;
    }

    private Pass risky(int[] pairs, int epoch) {
        pools.refill(epoch);
        return new Pass(pools.objective(epoch), pairs, rates.risky(epoch, pairs.length), 1, settings.riskyWeight());
    }

    private Pass safe(int[] pairs, int epoch) {
        return new Pass(crossModal, pairs, rates.safe(epoch), rates.timesSafe(pairs.length), settings.safeWeight());
    }

    /** The latest split, or null before the first. */
    public @Nullable SafeSplit split() {
        return split;
    }

    @Override
    public String name() {
        return "safeclip";
    }

    @Override
    public int epochs() {
        return settings.epochs();
    }

    @Override
    public List<String> plan() {
        double first = selector.expectedFirstShare();
        double last = SafeSplit.projectedShare(first, settings.mixedEpochs() - 1, settings.growth(), settings.cap());
        List<String> plan = new ArrayList<>();
        plan.add(String.format(
                Locale.ROOT,
                "safe set: %s, +%.0f %% of the pairs an epoch up to %.0f %%; %.0f %% in the last epoch",
                selector instanceof MixtureSelector
                        ? "if 12 % at first (the mixture decides; 6 to 18 % in the paper)"
                        : String.format(Locale.ROOT, "%.0f %% at first", 100 * first),
                100 * settings.growth(),
                100 * settings.cap(),
                100 * last));
        plan.addAll(rates.remarks());
        return plan;
    }

    @Override
    public void save(MethodState state) {
        rates.save(state);
        pools.forEach(state::put);
        SafeSplit now = split;
        if (now != null) {
            state.put("split", now);
        }
    }

    @Override
    public void restore(MethodState state) {
        rates.restore(state);
        pools.forEach(state::restore);
        if (state.has("firstShare")) {
            split = state.split("split", allPairs.length);
        }
    }
}
