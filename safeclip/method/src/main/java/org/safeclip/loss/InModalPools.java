package org.safeclip.loss;

import java.util.function.BiConsumer;
import org.safeclip.data.RandomKey;
import org.safeclip.train.Trainer;

/** The pools of image and caption embeddings behind the in-modal loss of a training. */
public final class InModalPools {
    private final PoolSettings settings;
    private final Trainer trainer;
    private final NeighbourPool images;
    private final NeighbourPool texts;

    /** Pools of random directions, for the model and pairs of a trainer. */
    public InModalPools(PoolSettings settings, Trainer trainer) {
        this.settings = settings;
        this.trainer = trainer;
        int rows = PoolSettings.rows(
                settings.size(), trainer.allPairs().length, trainer.settings().batchSize());
        int width = trainer.model().embedding();
        this.images = NeighbourPool.random(
                rows,
                width,
                trainer.model().backend(),
                trainer.key().fold("image pool").random());
        this.texts = NeighbourPool.random(
                rows,
                width,
                trainer.model().backend(),
                trainer.key().fold("text pool").random());
    }

    /** The in-modal loss of an epoch (from 1); neighbours count once they are likely to show the same kind of thing. */
    public InModal objective(int epoch) {
        return new InModal(images, texts, asksNeighbours(epoch));
    }

    /** Fills the pools with embeddings of pairs drawn from all, where the settings want it and the loss looks at them. */
    public void refill(int epoch) {
        if (settings.refill() && asksNeighbours(epoch)) {
            NeighbourPool.refill(trainer, RandomKey.refill(epoch), images, texts);
        }
    }

    private boolean asksNeighbours(int epoch) {
        return settings.neighbours() && epoch > settings.neighboursAfter();
    }

    /** Calls a function with each pool and its name: to write them down, or to overwrite them with what was written down. */
    public void forEach(BiConsumer<String, NeighbourPool> action) {
        action.accept("imagePool", images);
        action.accept("textPool", texts);
    }
}
