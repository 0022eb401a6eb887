package org.safeclip.learn;

import java.util.List;
import java.util.stream.IntStream;
import org.safeclip.data.Batch;
import org.safeclip.data.Batches;
import org.safeclip.data.Prefetch;
import org.safeclip.data.Views;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.GradientClip;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Scope;

/** Takes the steps: passes over some pairs with one objective, one optimiser for all of them. */
public final class Learner {
    private static final int MOST_EPOCHS = 1 << 16;

    private final ClipModel model;
    private final List<Parameter> parameters;
    private final AdamW optimizer;
    private final Views views;
    private final Views gentle;
    private final Settings settings;
    private final Watcher watcher;
    private long steps;

    /**
     * How to learn.
     *
     * @param batch B, pairs a step
     * @param decay weight decay of matrices
     * @param beta2 memory of the second moment
     * @param clip largest length of the gradient, 0 for no limit
     * @param maxSteps steps after which learning stops, whatever is planned; 0 for no limit
     * @param seed of the order of the batches
     */
    public record Settings(int batch, double decay, double beta2, double clip, long maxSteps, long seed) {}

    /**
     * A learner at its start.
     *
     * @param views for objectives within one modality
     * @param gentle of the same pairs, for objectives across the modalities
     */
    public Learner(ClipModel model, Views views, Views gentle, Settings settings, Watcher watcher) {
        this.model = model;
        this.parameters = model.parameters();
        this.optimizer = new AdamW(
                parameters, new AdamW.Settings(settings.decay(), 0.9, settings.beta2(), 1e-8, AdamW::isMatrix));
        this.views = views;
        this.gentle = gentle;
        this.settings = settings;
        this.watcher = watcher;
    }

    /** One pass over the pairs in random order, whole batches only. */
    public void pass(Objective objective, int[] pairs, Course course, int epoch) {
        passes(1, objective, pairs, course, epoch);
    }

    /** Several passes over the pairs within one epoch, each in an order and with views of its own. */
    public void passes(int count, Objective objective, int[] pairs, Course course, int epoch) {
        int step = 0;
        for (int pass = 0; pass < count; pass++) {
            int draw = epoch + pass * MOST_EPOCHS; // names the order and the views
            List<int[]> batches = Batches.shuffled(pairs, settings.batch(), settings.seed(), draw);
            int steps = count * batches.size();
            Views seen = objective.crossModal() ? gentle : views;
            try (Prefetch prepared = new Prefetch(batches, b -> seen.draw(b, draw, objective.views()))) {
                while (prepared.hasNext() && !stopped()) {
                    double rate = course.next();
                    float loss = step(objective, prepared.next(), rate);
                    watcher.step(
                            objective,
                            epoch,
                            ++step,
                            steps,
                            rate,
                            loss,
                            Math.exp(model.logitScale().item()));
                }
            }
        }
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private float step(Objective objective, Batch batch, double rate) {
        try (Scope scope = model.backend().scope()) { // all memory born in this step dies with it
            Tensor loss = objective.loss(model, batch);
            Gradients gradients = loss.backward();
            float scale = settings.clip() > 0 ? new GradientClip(settings.clip()).scale(parameters, gradients) : 1;
            optimizer.step(gradients, rate, scale);
            model.clampScale();
            steps++;
            return finite(loss.item());
        }
    }

    private float finite(float loss) {
        if (!Float.isFinite(loss)) {
            throw new IllegalStateException("the loss became " + loss + " at step " + steps
                    + ": training has diverged; lower the learning rate, or set gradientClip");
        }
        return loss;
    }

    /** Steps of one pass over so many pairs. */
    public int stepsOf(int pairs) {
        return pairs / settings.batch();
    }

    /** Whether the limit of steps has been reached. */
    public boolean stopped() {
        return settings.maxSteps() > 0 && steps >= settings.maxSteps();
    }

    /** Every pair of the set. */
    public int[] everyPair() {
        return IntStream.range(0, views.pairs().size()).toArray();
    }

    /** B. */
    public int batch() {
        return settings.batch();
    }

    /** The gentle views, by which pairs are scored as well. */
    public Views views() {
        return gentle;
    }

    /** What it trains. */
    public ClipModel model() {
        return model;
    }

    /** The optimiser, whose moments a checkpoint keeps. */
    public AdamW optimizer() {
        return optimizer;
    }

    /** Steps taken so far. */
    public long steps() {
        return steps;
    }

    /** Goes on as if so many steps had been taken. */
    public void restore(long taken) {
        steps = taken;
    }
}
