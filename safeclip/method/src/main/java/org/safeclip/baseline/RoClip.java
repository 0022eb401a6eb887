package org.safeclip.baseline;

import java.util.List;
import org.safeclip.MethodState;
import org.safeclip.TrainingMethod;
import org.safeclip.data.RandomKey;
import org.safeclip.loss.CrossModal;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.loss.PoolSettings;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingPhase;

/**
 * RoCLIP (Yang, Gao and Mirzasoleiman, NeurIPS 2023): every K-th epoch images are matched with the nearest captions of a pool, the
 * other epochs are CLIP's. The pool of the release starts as random directions, and its first such epoch trains towards those; by
 * default this one is filled with captions first.
 */
public final class RoClip implements TrainingMethod {
    private final RoClipSettings settings;
    private final Trainer trainer;
    private final CrossModal crossModal;
    private final NeighbourPool pool;
    private final int[] allPairs;
    private final LrScheduler learningRate;

    /** RoCLIP for the model and pairs of a trainer. */
    public RoClip(RoClipSettings settings, Trainer trainer) {
        this.settings = settings;
        this.trainer = trainer;
        this.crossModal = new CrossModal(1);
        this.allPairs = trainer.allPairs();
        this.pool = NeighbourPool.random(
                PoolSettings.rows(
                        settings.poolSize(), allPairs.length, trainer.settings().batchSize()),
                trainer.model().embedding(),
                trainer.model().backend(),
                trainer.key().fold("caption pool").random());
        long steps = (long) settings.epochs() * trainer.stepsOf(allPairs.length);
        this.learningRate = new LrScheduler(
                Schedule.fixed(settings.learningRate(), trainer.settings().warmupSteps(), Math.max(1, steps)));
    }

    @Override
    public String name() {
        return "roclip";
    }

    @Override
    public int epochs() {
        return settings.epochs();
    }

    @Override
    public List<String> plan() {
        return List.of("epochs divisible by " + settings.matchEvery() + ": images with the nearest of "
                + pool.rows().dim(0) + " captions in the pool");
    }

    @Override
    public void train(EpochLoop epochs) {
        for (int next = 1; next <= settings.epochs(); next++) {
            boolean match = next % settings.matchEvery() == 0;
            for (int epoch : epochs.phase(match ? TrainingPhase.POOL : TrainingPhase.TRAIN, 1)) {
                if (match) {
                    matchWithPool(epoch);
                } else {
                    trainer.pass(epoch, crossModal, allPairs, learningRate);
                }
            }
        }
    }

    private void matchWithPool(int epoch) {
        if (settings.prefill() && epoch == settings.matchEvery() && !trainer.continues(epoch)) {
            NeighbourPool.refill(trainer, RandomKey.refill(epoch), null, pool);
        }
        trainer.pass(epoch, new CaptionNeighbours(pool), allPairs, learningRate);
    }

    @Override
    public void save(MethodState state) {
        state.put("steps", learningRate.steps());
        state.put("pool", pool);
    }

    @Override
    public void restore(MethodState state) {
        learningRate.restore(state.count("steps"));
        state.restore("pool", pool);
    }
}
