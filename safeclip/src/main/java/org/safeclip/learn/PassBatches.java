package org.safeclip.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Batch;
import org.safeclip.data.Batches;
import org.safeclip.data.Prefetch;
import org.safeclip.data.Views;

/** The batches of a pass, one after the other, and how far it has come. */
final class PassBatches implements AutoCloseable {
    private static final int MOST_EPOCHS = 1 << 16;

    private final Pass pass;
    private final Views views;
    private final Learner.Settings settings;
    private final int epoch;
    private final int each;
    private int taken;
    private @Nullable Prefetch prepared;

    PassBatches(Pass pass, Views views, Learner.Settings settings, int epoch) {
        this.pass = pass;
        this.views = views;
        this.settings = settings;
        this.epoch = epoch;
        this.each = pass.weight() == 0 ? 0 : pass.pairs().length / settings.batch();
    }

    /** Steps of the pass. */
    int steps() {
        return pass.times() * each;
    }

    /** Steps taken. */
    int taken() {
        return taken;
    }

    boolean hasNext() {
        return taken < steps();
    }

    Batch next() {
        Prefetch batches = prepared;
        if (taken % each == 0 || batches == null) {
            close();
            batches = prepare(epoch + taken / each * MOST_EPOCHS);
            prepared = batches;
        }
        taken++;
        return batches.next();
    }

    /** The number {@code draw} names both the order and the views. */
    private Prefetch prepare(int draw) {
        Objective objective = pass.objective();
        List<int[]> batches = Batches.shuffled(pass.pairs(), settings.batch(), settings.seed(), draw);
        return new Prefetch(batches, b -> views.draw(b, draw, objective.views(), objective.plainFirst()));
    }

    @Override
    public void close() {
        Prefetch batches = prepared;
        if (batches != null) {
            batches.close();
        }
    }
}
