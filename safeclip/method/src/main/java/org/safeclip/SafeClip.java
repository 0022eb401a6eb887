package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.loss.CrossModal;
import org.safeclip.loss.InModalPools;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
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
    private final Trainer trainer;
    private final SafeClipParts parts;
    private final InModalPools pools;
    private final CrossModal crossModal;
    private final int[] allPairs;
    private @Nullable SafeSplit split;

    /** The paper's algorithm, for the model and pairs of a trainer. */
    public SafeClip(SafeClipSettings settings, Trainer trainer) {
        this(settings, trainer, SafeClipParts.paper(settings, trainer));
    }

    /** The algorithm with some parts of one's own, such as those of {@link org.safeclip.reference}. */
    public SafeClip(SafeClipSettings settings, Trainer trainer, SafeClipParts parts) {
        this.settings = settings;
        this.trainer = trainer;
        this.parts = parts;
        this.pools = new InModalPools(parts.pools(), trainer);
        this.crossModal = new CrossModal(settings.crossView() ? 2 : 1);
        this.allPairs = trainer.allPairs();
    }

    @Override
    public void train(EpochLoop epochs) {
        // Warm up each modality on its own, with all pairs: no image meets a caption (section 4.1).
        for (int epoch : epochs.phase(TrainingPhase.WARM_UP, settings.warmupEpochs())) {
            trainer.pass(epoch, pools.objective(epoch), allPairs, parts.rates().warmup(epoch));
        }
        // Match images with captions for one epoch, with all pairs at a slow learning rate (section 4.2).
        for (int epoch : epochs.phase(TrainingPhase.SLOW, settings.slowEpochs())) {
            trainer.pass(epoch, crossModal, matchedSlowly(), parts.rates().slow());
        }
        for (int epoch : epochs.phase(TrainingPhase.MIXED, settings.mixedEpochs())) {
            SafeSplit now = split;
            if (now == null || !trainer.continues(epoch)) {
                if (now != null) {
                    parts.selector().reconsider(now, trainer.model(), trainer.augmentation());
                }
                // Fit the mixture to the similarities of all pairs (section 4.2).
                PairScores scores = PairScores.of(trainer.model(), trainer.augmentation(), epoch, parts.scoring());
                // Divide the pairs into safe and risky ones; the safe set grows from epoch to epoch.
                now = now == null ? firstSplit(scores) : parts.selector().next(now, scores);
                split = now;
                trainer.listener().split(epoch, scores, now);
                pools.refill(epoch);
            }
            // Train each modality on its own with the risky pairs, and the CLIP loss with the safe ones.
            parts.mixedEpoch().train(trainer, epoch, risky(now.risky(), epoch), safe(now.safe(), epoch));
        }
    }

    private int[] matchedSlowly() {
        return parts.selector().matchedSlowly(trainer.model(), trainer.augmentation());
    }

    private SafeSplit firstSplit(PairScores scores) {
        matchedSlowly(); // where there is no slow epoch
        SafeSplit first = parts.selector().first(scores);
        parts.rates().planMixed(first.share());
        return first;
    }

    private Pass risky(int[] pairs, int epoch) {
        return new Pass(
                pools.objective(epoch), pairs, parts.rates().risky(epoch, pairs.length), 1, settings.riskyWeight());
    }

    private Pass safe(int[] pairs, int epoch) {
        return new Pass(
                crossModal,
                pairs,
                parts.rates().safe(epoch),
                parts.rates().timesSafe(pairs.length),
                settings.safeWeight());
    }

    /** The latest split, or null before the first. */
    public @Nullable SafeSplit split() {
        return split;
    }

    /** What the selector found out about every pair before the first split, {@code [N]}; empty for the paper's. */
    public float[] ranking() {
        return parts.selector().ranking();
    }

    @Override
    public String name() {
        return parts.name();
    }

    @Override
    public int epochs() {
        return settings.epochs();
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        plan.add(parts.selector().forecast(settings.mixedEpochs()));
        plan.addAll(parts.rates().remarks());
        return plan;
    }

    @Override
    public void save(MethodState state) {
        parts.rates().save(state);
        pools.forEach(state::put);
        if (ranking().length > 0) {
            state.put("ranking", ranking());
        }
        SafeSplit now = split;
        if (now != null) {
            state.put("split", now);
        }
    }

    @Override
    public void restore(MethodState state) {
        parts.rates().restore(state);
        pools.forEach(state::restore);
        state.numbers("ranking").ifPresent(parts.selector()::restore);
        if (state.has("firstShare")) {
            split = state.split("split", allPairs.length);
        }
    }
}
