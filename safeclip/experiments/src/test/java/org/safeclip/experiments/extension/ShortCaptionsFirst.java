package org.safeclip.experiments.extension;

import java.util.List;
import java.util.stream.IntStream;
import org.safeclip.MethodState;
import org.safeclip.TrainingMethod;
import org.safeclip.baseline.ClipSettings;
import org.safeclip.data.PairSet;
import org.safeclip.loss.CrossModal;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingPhase;

/** An example of a new training method: CLIP after an epoch on short captions. */
final class ShortCaptionsFirst implements TrainingMethod {
    private final ClipSettings settings;
    private final Trainer trainer;
    private final int[] shortOnes;
    private final LrScheduler learningRate;

    ShortCaptionsFirst(ClipSettings settings, Trainer trainer) {
        PairSet pairs = trainer.augmentation().pairs();
        this.settings = settings;
        this.trainer = trainer;
        this.shortOnes = IntStream.range(0, pairs.size())
                .filter(i -> pairs.caption(i).length() < 14)
                .toArray();
        this.learningRate = new LrScheduler(Schedule.fixed(settings.learningRate(), 2, 100));
    }

    @Override
    public String name() {
        return "short-first";
    }

    @Override
    public int epochs() {
        return 1 + settings.epochs();
    }

    @Override
    public List<String> plan() {
        return List.of("starts with " + shortOnes.length + " short captions");
    }

    @Override
    public void train(EpochLoop epochs) {
        CrossModal crossModal = new CrossModal(1);
        for (int epoch : epochs.phase(TrainingPhase.WARM_UP, 1)) {
            trainer.pass(epoch, crossModal, shortOnes, learningRate);
        }
        for (int epoch : epochs.phase(TrainingPhase.TRAIN, settings.epochs())) {
            trainer.pass(epoch, crossModal, trainer.allPairs(), learningRate);
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
