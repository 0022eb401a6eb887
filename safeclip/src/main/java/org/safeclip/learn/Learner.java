package org.safeclip.learn;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Batch;
import org.safeclip.data.Batches;
import org.safeclip.data.Views;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.nn.Module;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.GradientClip;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Scope;

/** Takes the steps: passes over some pairs with one objective, one optimiser for all of them. */
public final class Learner {
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
        inTurn(epoch, Pass.over(pairs, objective, course));
    }

    /** One pass after the other. */
    public void inTurn(int epoch, Pass... passes) {
        for (Pass pass : passes) {
            try (PassBatches batches = batches(pass, epoch)) {
                while (batches.hasNext() && !stopped()) {
                    step(pass, batches, epoch);
                }
            }
        }
    }

    /** Both passes by turns: always a step of the one that is less far. */
    public void interleaved(int epoch, Pass first, Pass second) {
        try (PassBatches a = batches(first, epoch);
                PassBatches b = batches(second, epoch)) {
            while ((a.hasNext() || b.hasNext()) && !stopped()) {
                // a.taken / a.steps <= b.taken / b.steps, without dividing by none
                boolean firstIsBehind = (long) a.taken() * b.steps() <= (long) b.taken() * a.steps();
                if (a.hasNext() && (firstIsBehind || !b.hasNext())) {
                    step(first, a, epoch);
                } else {
                    step(second, b, epoch);
                }
            }
        }
    }

    private PassBatches batches(Pass pass, int epoch) {
        return new PassBatches(pass, pass.objective().crossModal() ? gentle : views, settings, epoch);
    }

    private void step(Pass pass, PassBatches batches, int epoch) {
        double rate = pass.course().next();
        float loss = step(pass.objective(), batches.next(), rate, (float) pass.weight());
        double scale = Math.exp(model.logitScale().item());
        watcher.step(pass.objective(), epoch, batches.taken(), batches.steps(), rate, loss, scale);
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private float step(Objective objective, Batch batch, double rate, float weight) {
        try (Scope scope = model.backend().scope()) { // all memory born in this step dies with it
            Tensor loss = objective.loss(model, batch);
            Gradients gradients = (weight == 1 ? loss : loss.scale(weight)).backward();
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

    /**
     * Overwrites pools by embeddings of pairs drawn from all, without augmentation and as the model sees them now.
     *
     * @param draw names the choice of pairs
     * @param images pool of picture embeddings, null for none
     */
    @SuppressWarnings("try") // the scope is there to be closed
    public void fill(int draw, @Nullable NeighbourPool images, NeighbourPool texts) {
        ClipModel still = Module.withoutHistory(model);
        int left = texts.rows().dim(0);
        for (int[] pairs : Batches.shuffled(everyPair(), settings.batch(), settings.seed(), -draw)) {
            if (left > 0) {
                Batch batch = gentle.plain(pairs);
                try (Scope scope = model.backend().scope()) {
                    texts.insert(Embedder.texts(still, batch).value());
                    if (images != null) {
                        images.insert(
                                Embedder.images(still, batch, Mode.EVALUATION).value());
                    }
                }
                left -= pairs.length;
            }
        }
    }

    /** Forgets the optimiser's moments, as a training does that starts from a finished model. */
    public void forgetMoments() {
        optimizer.forget();
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
