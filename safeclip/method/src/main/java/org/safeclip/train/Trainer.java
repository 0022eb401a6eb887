package org.safeclip.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.data.RandomKey;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.GradientClip;
import org.safeclip.nn.optim.GradientSum;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Scope;

/**
 * Trains a model on passes over pairs: one optimiser for all passes, one learning-rate schedule for each. Where several processes
 * train together, as the {@linkplain Augmentation#among augmentation} says, each has such a trainer, and all take the same steps.
 */
public final class Trainer {
    private final ClipModel model;
    private final List<Parameter> parameters;
    private final AdamW optimizer;
    private final GradientSum gradientSum;
    private final Augmentation augmentation;
    private final TrainerSettings settings;
    private final RandomKey key;
    private final TrainingListener listener;
    private final StepJournal journal;
    private final List<PassBatches> opened = new ArrayList<>(); // passes of the present epoch
    private int epochOfOpened;
    private int continuedEpoch;
    private int[] continued = {};
    private long steps;

    /**
     * A trainer that has not taken a step yet.
     *
     * @param augmentation makes the batches out of the pairs
     * @param key origin of the order of the pairs and of whatever else a method draws
     * @throws InvalidInputException if a batch has fewer pairs than there are processes
     */
    public Trainer(
            ClipModel model,
            Augmentation augmentation,
            TrainerSettings settings,
            RandomKey key,
            TrainingListener listener) {
        if (settings.batchSize() < augmentation.processes().size()) {
            throw new InvalidInputException("training.batchSize is " + settings.batchSize() + ", expected at least the "
                    + augmentation.processes().size() + " processes: each needs a pair of every batch");
        }
        this.model = model;
        this.parameters = model.parameters();
        this.optimizer = new AdamW(
                parameters, new AdamW.Settings(settings.weightDecay(), 0.9, settings.beta2(), 1e-8, AdamW::isMatrix));
        this.gradientSum = new GradientSum(augmentation.processes(), parameters, model.logitScale());
        this.augmentation = augmentation;
        this.settings = settings;
        this.key = key;
        this.listener = listener;
        this.journal = new StepJournal(model.backend(), listener);
    }

    /** Trains on each of the pairs once, in random order; an incomplete last batch is dropped. */
    public void pass(int epoch, Objective objective, int[] pairs, LrScheduler learningRate) {
        inTurn(epoch, new Pass(objective, pairs, learningRate));
    }

    /** Trains one pass after the other. */
    public void inTurn(int epoch, Pass... passes) {
        for (Pass pass : passes) {
            try (PassBatches batches = batches(pass, epoch)) {
                while (batches.hasNext() && !stopped()) {
                    step(pass, batches, epoch);
                }
                journal.report();
            }
        }
    }

    /** Trains two passes in alternation: the next step always belongs to the pass that is less far. */
    public void interleaved(int epoch, Pass first, Pass second) {
        try (PassBatches a = batches(first, epoch);
                PassBatches b = batches(second, epoch)) {
            while ((a.hasNext() || b.hasNext()) && !stopped()) {
                // a.taken / a.steps <= b.taken / b.steps, without dividing by zero
                boolean firstIsBehind = (long) a.taken() * b.steps() <= (long) b.taken() * a.steps();
                if (a.hasNext() && (firstIsBehind || !b.hasNext())) {
                    step(first, a, epoch);
                } else {
                    step(second, b, epoch);
                }
            }
            journal.report();
        }
    }

    private PassBatches batches(Pass pass, int epoch) {
        if (epoch != epochOfOpened) {
            epochOfOpened = epoch;
            opened.clear();
        }
        int at = 2 * opened.size();
        int taken = 0;
        if (continues(epoch) && at < continued.length) {
            taken = continued[at];
            pass.learningRate().restore(continued[at + 1]);
        }
        PassBatches batches = new PassBatches(
                pass,
                augmentation,
                settings.batchSize(),
                key,
                epoch,
                taken,
                model.backend().sharesHost());
        opened.add(batches);
        return batches;
    }

    /**
     * Where the present epoch is: for each of its passes so far the steps taken, and those taken on its learning-rate schedule.
     * With model, optimiser and the state of the method it is all that {@link #continueWithin} needs.
     */
    public int[] position() {
        return opened.stream()
                .flatMapToInt(pass -> IntStream.of(pass.taken(), Math.toIntExact(pass.rateSteps())))
                .toArray();
    }

    /**
     * Continues within an epoch (from 1): its passes, when they are asked for in the same order, start behind the steps that were
     * taken before.
     *
     * @param position what {@link #position} gave
     * @throws InvalidInputException if it is no position
     */
    public void continueWithin(int epoch, int[] position) {
        if (position.length % 2 != 0 || IntStream.of(position).anyMatch(count -> count < 0)) {
            throw new InvalidInputException("the position within epoch " + epoch + " is " + Arrays.toString(position)
                    + ", expected two counts from 0 for each pass; the checkpoint is damaged");
        }
        continuedEpoch = epoch;
        continued = position.clone();
    }

    /** Whether an epoch was begun before a checkpoint from which the training continues. */
    public boolean continues(int epoch) {
        return epoch == continuedEpoch;
    }

    private void step(Pass pass, PassBatches batches, int epoch) {
        double rate = pass.learningRate().next();
        Batch batch = batches.next();
        steps++;
        TrainingListener.Step step = new TrainingListener.Step(
                pass.objective().name(),
                epoch,
                batches.taken(),
                batches.steps(),
                batch.views() * batch.size(),
                steps,
                rate,
                Float.NaN,
                Double.NaN);
        step(step, pass.objective(), batch, (float) pass.weight());
        if (listener.savesAfter(steps)) {
            journal.report();
            listener.save();
        } else {
            journal.reportNowAndThen();
        }
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private void step(TrainingListener.Step step, Objective objective, Batch batch, float weight) {
        // all memory allocated in this step is freed with the scope
        try (Scope scope = model.backend().scope(settings.precision())) {
            Tensor loss = objective.loss(model, batch);
            Gradients gradients = (weight == 1 ? loss : loss.scale(weight)).backward();
            gradientSum.apply(gradients);
            float scale = settings.gradientClip() > 0
                    ? new GradientClip(settings.gradientClip()).scale(parameters, gradients)
                    : 1;
            optimizer.step(gradients, step.learningRate(), scale);
            model.clampScale();
            journal.add(step, loss.value(), model.logitScale().value());
        }
    }

    /** Resets the optimiser's moments, as for a training that starts from a finished model. */
    public void resetMoments() {
        optimizer.forget();
    }

    /** Steps of one pass over that many pairs. */
    public int stepsOf(int pairs) {
        return pairs / settings.batchSize();
    }

    /** Whether the limit of steps has been reached. */
    public boolean stopped() {
        return settings.maxSteps() > 0 && steps >= settings.maxSteps();
    }

    /** The indices of all pairs, {@code [N]}. */
    public int[] allPairs() {
        return IntStream.range(0, augmentation.pairs().size()).toArray();
    }

    /** Where the batches come from. */
    public Augmentation augmentation() {
        return augmentation;
    }

    /** The settings. */
    public TrainerSettings settings() {
        return settings;
    }

    /** The origin of all random numbers of the training. */
    public RandomKey key() {
        return key;
    }

    /** Receives every step, and the events of the method. */
    public TrainingListener listener() {
        return listener;
    }

    /** The model that is trained. */
    public ClipModel model() {
        return model;
    }

    /** The optimiser, whose moments belong into a checkpoint. */
    public AdamW optimizer() {
        return optimizer;
    }

    /** Steps taken so far. */
    public long steps() {
        return steps;
    }

    /** Continues at a step, such as that of a checkpoint. */
    public void restore(long step) {
        steps = step;
    }
}
