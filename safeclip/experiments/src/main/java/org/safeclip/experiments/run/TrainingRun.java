package org.safeclip.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.safeclip.MethodState;
import org.safeclip.SafeClip;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.TimedCommunicator;
import org.safeclip.selection.ComputeTime;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;
import org.safeclip.train.TrainingPhase;

/**
 * Trains one method in an experiment, from the start or from a checkpoint. The complete state is saved after every epoch and, as
 * often as the {@link CheckpointInterval} says, within one; a run that is interrupted at any step loses no more than that, and the
 * resumed run gives bit-identical results. The last two checkpoints are kept; if the latest is damaged, the one before serves.
 */
public final class TrainingRun {
    private static final String METHOD = "method.";
    private static final String POSITION = "trainer.position";

    private final Experiment experiment;
    private final MethodCatalogue.Entry entry;
    private final Path checkpoint;
    private final Metrics metrics;
    private final RunListener listener;
    private final Recorder recorder = new Recorder();
    private final TimedCommunicator processes;
    private final Trainer trainer;
    private final TrainingMethod method;
    private final SplitObserver splits;
    private final Map<String, String> identity;
    private final String backendName;
    private CheckpointInterval interval = CheckpointInterval.USUAL;
    private StopRequest stop = new StopRequest();
    private long savedStep;
    private long savedTime = System.nanoTime();
    private int trained;
    private double seconds;
    private ComputeTime epochStart = ComputeTime.NONE;
    private ComputeTime diagnosis = ComputeTime.NONE;
    private double exchangedBefore;
    private @Nullable PairScores scored;
    private @Nullable List<String> imageNames;
    private @Nullable Evaluation finalEvaluation;

    /** Creates a run of an untrained method in this process alone. */
    public TrainingRun(
            Experiment experiment,
            MethodCatalogue.Entry entry,
            Backend backend,
            Path checkpoint,
            Metrics metrics,
            RunListener listener) {
        this(experiment, entry, backend, checkpoint, metrics, listener, Communicator.alone());
    }

    /**
     * Creates a run of an untrained method that several processes train together, each with such a run. The first of them
     * evaluates, writes and tells its listener; all read the checkpoint.
     */
    public TrainingRun(
            Experiment experiment,
            MethodCatalogue.Entry entry,
            Backend backend,
            Path checkpoint,
            Metrics metrics,
            RunListener listener,
            Communicator processes) {
        this.experiment = experiment;
        this.entry = entry;
        this.checkpoint = checkpoint;
        this.metrics = metrics;
        this.listener = processes.isFirst() ? listener : RunListener.NONE;
        this.processes = new TimedCommunicator(processes);
        ExperimentConfig config = experiment.config();
        this.trainer = new Trainer(
                experiment.model(backend),
                experiment.augmentation().among(this.processes),
                config.training(),
                config.key(),
                processes.isFirst() ? recorder : TrainingListener.NONE);
        this.splits = new SplitObserver(experiment);
        this.method = entry.factory().create(experiment, trainer);
        this.identity = RunIdentity.of(experiment, entry.name());
        this.backendName = backend.name() + ", " + backend.describe();
    }

    /** Sets how often the state is saved within an epoch. */
    public void saveEvery(CheckpointInterval often) {
        interval = often;
    }

    /** Sets the request on which the run saves its state and stops. */
    public void stopOn(StopRequest request) {
        stop = request;
    }

    /**
     * Checks before anything is written that a method can be trained in an experiment.
     *
     * @throws InvalidInputException if it cannot
     */
    public static void refuseImpossible(Experiment experiment, MethodCatalogue.Entry method) {
        int batch = experiment.config().training().batchSize();
        if (experiment.pairs().size() < batch) {
            throw new InvalidInputException("training.batchSize is " + batch + ", expected at most the "
                    + experiment.pairs().size() + " pairs of the data set: fewer pairs do not fill a batch");
        }
        method.requirement().check(experiment);
    }

    /**
     * Trains until the last epoch.
     *
     * @throws InvalidInputException if the processes have not read the same files
     */
    public void run() throws IOException {
        refuseOtherFiles();
        listener.started(method, trained, plan());
        stop.started(this);
        try {
            method.train(new EpochLoop(trained, trainer::stopped, trainer.listener()));
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            throw cause instanceof FileSystemException
                    ? cause
                    : new IOException(e.getMessage() + ": " + cause.getMessage(), cause);
        } finally {
            stop.ended(this);
        }
        listener.finished();
    }

    /** Compares what this process has read with what the first one has: one that lacks the checkpoint would wait for ever. */
    private void refuseOtherFiles() {
        CRC32 sum = new CRC32();
        experiment.pairs().captions().forEach(caption -> sum.update(caption.getBytes(StandardCharsets.UTF_8)));
        double[] own = {trained, trainer.steps(), experiment.pairs().size(), sum.getValue()};
        double[] first = own.clone();
        processes.broadcast(first);
        if (!Arrays.equals(own, first)) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "process %d starts after epoch %.0f with %.0f pairs, process 0 after epoch %.0f with %.0f pairs (or others): all"
                            + " machines must see the same data and the same run folder",
                    processes.rank(),
                    own[0],
                    own[2],
                    first[0],
                    first[2]));
        }
    }

    /** The method's plan, and the precision of its products if not the usual one. */
    private List<String> plan() {
        Precision wanted = trainer.settings().precision();
        if (wanted == Precision.FLOAT32) {
            return method.plan();
        }
        Backend backend = trainer.model().backend();
        Precision used = backend.products(wanted);
        List<String> lines = new ArrayList<>(method.plan());
        lines.add("training.precision is " + Settings.choice(wanted) + ": "
                + (used == wanted
                        ? "large matrix products of a step are computed in it"
                        : backend.name() + " has no faster products here and computes in " + Settings.choice(used)));
        return lines;
    }

    /** Records the events of training, forwards them to the listener, and evaluates and saves the model after every epoch. */
    private final class Recorder implements TrainingListener {
        @Override
        public void epochStarted(int epoch, TrainingPhase phase) {
            listener.epochStarted(epoch, phase);
            diagnosis = ComputeTime.NONE;
            scored = null;
            exchangedBefore = processes.seconds();
            epochStart = ComputeTime.now();
        }

        @Override
        public void stepped(Step step) {
            metrics.add(new StepEvent(
                    method.name(),
                    step.epoch(),
                    step.objective(),
                    step.taken(),
                    step.images(),
                    step.loss(),
                    step.learningRate(),
                    step.scale()));
            listener.stepped(step);
        }

        @Override
        public boolean savesAfter(long step) {
            return stop.isAsked() || interval.isDue(step - savedStep, Duration.ofNanos(System.nanoTime() - savedTime));
        }

        @Override
        public void save() {
            ComputeTime now = ComputeTime.now().since(epochStart).since(diagnosis);
            TrainingRun.this.save(trainer.position(), seconds + now.wall());
        }

        @Override
        public void split(int epoch, PairScores scores, SafeSplit split) {
            ComputeTime start = ComputeTime.now();
            float[] agreement = method instanceof SafeClip safeClip ? safeClip.ranking() : new float[0];
            SplitEvent event = agreement.length == 0
                    ? splits.event(method.name(), epoch, scores, split)
                    : splits.event(method.name(), epoch, scores, split, agreement);
            metrics.add(event);
            writeTrust(epoch, scores, split);
            listener.split(epoch, scores, split);
            listener.diagnosed(event);
            scored = scores;
            diagnosis = ComputeTime.now().since(start); // not part of the method
        }

        @Override
        public void epochEnded(int epoch, TrainingPhase phase) {
            ComputeTime whole = ComputeTime.now().since(epochStart).since(diagnosis);
            seconds += whole.wall();
            trained = epoch;
            metrics.add(epochEvent(epoch, phase, whole));
            listener.epochEnded(epoch, phase);
            int every = experiment.config().evaluation().every();
            boolean due = epoch == method.epochs() || (every > 0 && epoch % every == 0);
            if (due && experiment.hasTests()) {
                evaluate(epoch);
            }
            TrainingRun.this.save(new int[0], seconds);
        }
    }

    private void writeTrust(int epoch, PairScores scores, SafeSplit split) {
        Path file = TrustFile.beside(checkpoint);
        try {
            List<String> images = imageNames == null ? ImageNames.of(experiment) : imageNames;
            imageNames = images;
            TrustFile.write(file, experiment, images, epoch, scores, split);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private EpochEvent epochEvent(int epoch, TrainingPhase phase, ComputeTime whole) {
        PairScores scores = scored;
        double exchange = processes.seconds() - exchangedBefore;
        return scores == null
                ? new EpochEvent(method.name(), epoch, phase.label(), whole, exchange)
                : new EpochEvent(
                        method.name(), epoch, phase.label(), whole, scores.scoring(), scores.fitting(), exchange);
    }

    private void evaluate(int epoch) {
        Evaluation evaluation = epoch == method.epochs() ? evaluation() : experiment.evaluateQuickly(trainer.model());
        EvaluationEvent event = new EvaluationEvent(method.name(), epoch, evaluation.scores());
        metrics.add(event);
        listener.evaluated(event);
    }

    /**
     * Saves the complete state.
     *
     * @param position position within the epoch after the last that was trained to its end; empty at its start
     * @param trainedFor training time so far
     */
    private void save(int[] position, double trainedFor) {
        MethodState state = new MethodState();
        method.save(state);
        Map<String, String> text = new TreeMap<>(identity);
        state.text().forEach((name, value) -> text.put(METHOD + name, value));
        text.put("epoch", Integer.toString(trained));
        text.put("steps", Long.toString(trainer.steps()));
        text.put("seconds", Double.toString(trainedFor));
        text.put("metricsBytes", Long.toString(metrics.bytes()));
        text.put("backend", backendName);
        Map<String, int[]> integers = new TreeMap<>(state.integers());
        if (position.length > 0) {
            integers.put(POSITION, position);
        }
        try {
            CheckpointFiles.keep(checkpoint);
            new Checkpoint(text, integers, state.numbers()).save(checkpoint, trainer.model(), trainer.optimizer());
        } catch (IOException e) {
            throw new UncheckedIOException(checkpoint + ": cannot be written", e);
        }
        savedStep = trainer.steps();
        savedTime = System.nanoTime();
        if (stop.isAsked()) {
            stop.saved(this);
        }
    }

    /** Restores the state of the latest intact checkpoint, if there is one. */
    public void resumeIfSaved() throws IOException {
        Path newest = CheckpointFiles.newest(checkpoint, listener::warned);
        if (newest == null) {
            return;
        }
        Map<String, String> metadata = Checkpoint.metadata(newest);
        int epochs = (int) CheckpointFiles.count(newest, metadata, "epoch", method.epochs());
        long steps = CheckpointFiles.count(newest, metadata, "steps", Long.MAX_VALUE);
        double trainedFor = Double.parseDouble(metadata.getOrDefault("seconds", "0"));
        if (!Double.isFinite(trainedFor) || trainedFor < 0) {
            throw new CheckpointException(newest + ": 'seconds' is " + trainedFor + ", expected a time");
        }
        Checkpoint saved = Checkpoint.load(newest, trainer.model(), trainer.optimizer());
        method.restore(state(saved));
        trained = epochs;
        seconds = trainedFor;
        trainer.restore(steps);
        savedStep = steps;
        int[] position = saved.integers().get(POSITION);
        if (position != null) {
            trainer.continueWithin(trained + 1, position);
        }
        if (method instanceof SafeClip safeClip) {
            splits.resumeFrom(safeClip.split());
        }
        String before = metadata.getOrDefault("backend", backendName);
        if (!before.equals(backendName)) {
            listener.warned("warning: the run was begun on " + before + " and continues on " + backendName
                    + "; its numbers may differ from an uninterrupted run's in their last digits");
        }
    }

    /** The part of a checkpoint that the method saved. */
    private static MethodState state(Checkpoint saved) {
        Map<String, String> own = new TreeMap<>();
        saved.metadata().forEach((name, value) -> {
            if (name.startsWith(METHOD)) {
                own.put(name.substring(METHOD.length()), value);
            }
        });
        return new MethodState(own, saved.integers(), saved.numbers());
    }

    /**
     * Starts from the finished run, in this experiment, of the method that this one continues. The results are bit-identical to
     * training that method again.
     *
     * @param finished checkpoint of that run
     * @throws CheckpointException if it belongs to another experiment or is not finished
     */
    public void startFrom(Path finished) throws IOException {
        String before = entry.continues();
        if (before == null) {
            throw new InvalidInputException(finished + ": " + entry.name() + " starts from random weights; --from is"
                    + " for methods that continue another one, such as cleanclip");
        }
        Map<String, String> metadata = Checkpoint.metadata(finished);
        int epochs = Integer.parseInt(metadata.getOrDefault("epoch", "0"));
        if (epochs != experiment.config().clip().epochs()
                || !RunIdentity.canContinue(metadata, experiment, before, entry)) {
            throw new CheckpointException(
                    finished + ": is not a finished " + before + " with the settings, attack and pairs of this run; "
                            + entry.name() + " can only continue from one");
        }
        method.restore(state(Checkpoint.load(finished, trainer.model(), null)));
        trained = epochs;
        trainer.restore(Long.parseLong(metadata.getOrDefault("steps", "0")));
    }

    /** The full evaluation of the trained model; computed once. */
    public Evaluation evaluation() {
        Evaluation known = finalEvaluation;
        if (known == null) {
            known = experiment.evaluate(trainer.model());
            finalEvaluation = known;
        }
        return known;
    }

    /** The trained model. */
    public ClipModel model() {
        return trainer.model();
    }

    /** The training method. */
    public TrainingMethod method() {
        return method;
    }

    /** Epochs trained so far. */
    public int epochs() {
        return trained;
    }

    /** Whether nothing has been trained, neither now nor before a checkpoint. */
    public boolean isNew() {
        return trainer.steps() == 0;
    }

    /** Training time so far in seconds, over all resumed parts, without evaluations. */
    public double seconds() {
        return seconds;
    }
}
