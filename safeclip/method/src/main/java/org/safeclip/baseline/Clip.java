package org.safeclip.baseline;

import java.util.List;
import org.safeclip.MethodState;
import org.safeclip.TrainingMethod;
import org.safeclip.loss.CrossModal;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingPhase;

/** CLIP (Radford et al. 2021): the contrastive loss on every pair it is given. */
public final class Clip implements TrainingMethod {
    private final String name;
    private final ClipSettings settings;
    private final Trainer trainer;
    private final CrossModal crossModal;
    private final int[] pairs;
    private final LrScheduler learningRate;

    private Clip(String name, ClipSettings settings, Trainer trainer, CrossModal crossModal, int[] pairs) {
        this.name = name;
        this.settings = settings;
        this.trainer = trainer;
        this.crossModal = crossModal;
        this.pairs = pairs;
        long steps = (long) settings.epochs() * trainer.stepsOf(pairs.length);
        this.learningRate = new LrScheduler(
                Schedule.fixed(settings.learningRate(), trainer.settings().warmupSteps(), Math.max(1, steps)));
    }

    /** CLIP with the same augmentation as SafeCLIP, for a fair comparison. */
    public static Clip augmented(ClipSettings settings, Trainer trainer) {
        return new Clip("clip", settings, trainer, new CrossModal(settings.crossView() ? 2 : 1), trainer.allPairs());
    }

    /** CLIP on the pairs without augmentation. */
    public static Clip unaugmented(ClipSettings settings, Trainer trainer) {
        return new Clip("clip-plain", settings, trainer, new CrossModal(1, true), trainer.allPairs());
    }

    /**
     * CLIP, with augmentation, on the pairs that a {@link DuplicateFilter} leaves.
     *
     * @param maxCopies pairs that may show exactly the same image
     */
    public static Clip deduplicated(ClipSettings settings, Trainer trainer, int maxCopies) {
        int[] kept = DuplicateFilter.kept(trainer.augmentation().pairs(), maxCopies);
        if (trainer.stepsOf(kept.length) == 0) {
            throw new InvalidInputException("clip.maxCopies: with " + maxCopies + " the filter leaves " + kept.length
                    + " of " + trainer.allPairs().length + " pairs, fewer than a batch; allow more");
        }
        return on(kept, "clip-dedup", settings, trainer);
    }

    /**
     * CLIP, with augmentation, on some of the pairs; a control that shows what choosing pairs does without the rest of a method.
     *
     * @param name name in tables and files
     * @param kept the pairs to train on
     */
    public static Clip on(int[] kept, String name, ClipSettings settings, Trainer trainer) {
        return new Clip(name, settings, trainer, new CrossModal(settings.crossView() ? 2 : 1), kept);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int epochs() {
        return settings.epochs();
    }

    @Override
    public List<String> plan() {
        int all = trainer.allPairs().length;
        return pairs.length == all
                ? List.of()
                : List.of("trained on " + pairs.length + " of " + all + " pairs: the others are left out");
    }

    @Override
    public void train(EpochLoop epochs) {
        for (int epoch : epochs.phase(TrainingPhase.TRAIN, settings.epochs())) {
            trainer.pass(epoch, crossModal, pairs, learningRate);
        }
    }

    @Override
    public void save(MethodState state) {
        state.put("steps", learningRate.steps());
    }

    @Override
    public void restore(MethodState state) {
        learningRate.restore(state.count("steps"));
    }
}
