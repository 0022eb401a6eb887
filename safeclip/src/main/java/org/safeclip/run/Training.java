package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.Method;
import org.safeclip.MethodState;
import org.safeclip.SafeClip;
import org.safeclip.baseline.PlainClip;
import org.safeclip.eval.Evaluation;
import org.safeclip.eval.Interval;
import org.safeclip.learn.Learner;
import org.safeclip.learn.Objective;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.report.EpochEvent;
import org.safeclip.report.EvaluationEvent;
import org.safeclip.report.Metrics;
import org.safeclip.report.SplitEvent;
import org.safeclip.report.StepEvent;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.trust.SafeSplit;
import org.safeclip.trust.SplitDiagnostics;
import org.safeclip.trust.Trust;

/**
 * One method trained in a scenario, from its start or from a checkpoint to its end: after every epoch the whole state is
 * written down, so that an interrupted run loses one epoch at most and ends with the same numbers.
 */
public final class Training {
    /** The methods there are. */
    public enum Kind {
        /** Every pair is believed. */
        CLIP,
        /** Only what looks safe is. */
        SAFECLIP
    }

    private static final String METHOD = "method.";

    private final Scenario scenario;
    private final Kind kind;
    private final Path checkpoint;
    private final Metrics metrics;
    private final Watcher watcher;
    private final Learner learner;
    private final Method method;
    private int done;
    private double seconds;
    private @Nullable SafeSplit previous;

    /** Who is told how training goes on, besides the metrics. */
    public interface Watcher {
        /** An epoch begins. */
        void epoch(Method method, int epoch);

        /** A step was taken: number {@code step} of {@code ofSteps} in this pass. */
        void step(Objective objective, int epoch, int step, int ofSteps, float loss);

        /** The pairs were divided. */
        void split(SplitEvent split);

        /** The model was evaluated at the end of an epoch. */
        void evaluation(EvaluationEvent evaluation);
    }

    /** A method at its start. */
    public Training(Scenario scenario, Kind kind, Backend backend, Path checkpoint, Metrics metrics, Watcher watcher) {
        Config config = scenario.config();
        this.scenario = scenario;
        this.kind = kind;
        this.checkpoint = checkpoint;
        this.metrics = metrics;
        this.watcher = watcher;
        ClipModel model = ClipModel.random(
                config.modelShape(
                        scenario.pairs().imageSize(), scenario.tokenizer().vocabulary()),
                backend,
                config.random("model"));
        this.learner = new Learner(model, scenario.views(), scenario.gentleViews(), config.learning(), this::step);
        this.method = switch (kind) {
            case CLIP -> new PlainClip(config, learner);
            case SAFECLIP -> new SafeClip(config, learner, this::split);
        };
    }

    /** Trains to the end. */
    public void run() throws IOException {
        while (done < method.epochs() && !learner.stopped()) {
            int epoch = done + 1;
            watcher.epoch(method, epoch);
            long start = System.nanoTime();
            method.epoch(epoch);
            double took = (System.nanoTime() - start) / 1e9;
            seconds += took;
            done = epoch;
            metrics.add(new EpochEvent(method.name(), epoch, method.phase(epoch).label(), took));
            int every = scenario.config().evaluateEvery();
            if (epoch == method.epochs() || (every > 0 && epoch % every == 0)) {
                evaluate(epoch);
            }
            save();
        }
    }

    private void step(Objective objective, int epoch, int step, int ofSteps, double rate, float loss, double scale) {
        metrics.add(new StepEvent(method.name(), epoch, objective.name(), learner.steps(), loss, rate, scale));
        watcher.step(objective, epoch, step, ofSteps, loss);
    }

    private void split(int epoch, Trust trust, SafeSplit split) {
        BitSet poisons = scenario.mask().rows();
        SplitDiagnostics diagnostics = SplitDiagnostics.of(trust, split, poisons, previous);
        previous = split;
        SplitEvent event = SplitEvent.of(method.name(), epoch, trust, split, diagnostics);
        metrics.add(event);
        watcher.split(event);
    }

    private void evaluate(int epoch) {
        Evaluation evaluation = scenario.evaluate(learner.model());
        Interval success = evaluation.attackSuccess();
        EvaluationEvent event = new EvaluationEvent(
                method.name(),
                epoch,
                evaluation.zeroShotTop1(),
                evaluation.zeroShotTop5(),
                evaluation.kindTop1(),
                success == null ? 0 : success.hits(),
                success == null ? 0 : success.trials());
        metrics.add(event);
        watcher.evaluation(event);
    }

    private void save() throws IOException {
        MethodState state = new MethodState();
        method.save(state);
        Map<String, String> text = new TreeMap<>(identity(scenario, kind));
        state.text().forEach((name, value) -> text.put(METHOD + name, value));
        text.put("epoch", Integer.toString(done));
        text.put("steps", Long.toString(learner.steps()));
        text.put("seconds", Double.toString(seconds));
        text.put("metricsBytes", Long.toString(metrics.bytes()));
        new Checkpoint(text, state.integers(), state.numbers()).save(checkpoint, learner.model(), learner.optimizer());
    }

    /** What a checkpoint says of the run it belongs to; enough to build the model anew. */
    private static Map<String, String> identity(Scenario scenario, Kind kind) {
        return Map.of(
                "trained", kind.name(),
                "attack", scenario.attack().name(),
                "config", ConfigFile.toml(scenario.config()),
                "tokenizer", scenario.tokenizer().serialise());
    }

    /**
     * The bytes of metrics that belong to the checkpoint, or 0 where there is none yet.
     *
     * @throws CheckpointException if the checkpoint is of another run
     */
    public static long metricsBytes(Path checkpoint, Scenario scenario, Kind kind) throws IOException {
        if (!Files.exists(checkpoint)) {
            return 0;
        }
        Map<String, String> metadata = Checkpoint.metadata(checkpoint);
        identity(scenario, kind).forEach((key, mine) -> {
            if (!mine.equals(metadata.get(key))) {
                throw new CheckpointException(checkpoint + ": was written with another " + key
                        + " than this run's; resume with the settings it was started with, or choose another folder");
            }
        });
        return Long.parseLong(metadata.getOrDefault("metricsBytes", "0"));
    }

    /** Goes on from the checkpoint, if there is one. */
    public void resumeIfSaved() throws IOException {
        if (!Files.exists(checkpoint)) {
            return;
        }
        Checkpoint saved = Checkpoint.load(checkpoint, learner.model(), learner.optimizer());
        Map<String, String> own = new TreeMap<>();
        saved.metadata().forEach((name, value) -> {
            if (name.startsWith(METHOD)) {
                own.put(name.substring(METHOD.length()), value);
            }
        });
        MethodState state = new MethodState(own, saved.integers(), saved.numbers());
        method.restore(state);
        done = Integer.parseInt(saved.metadata().getOrDefault("epoch", "0"));
        seconds = Double.parseDouble(saved.metadata().getOrDefault("seconds", "0"));
        learner.restore(Long.parseLong(saved.metadata().getOrDefault("steps", "0")));
        if (method instanceof SafeClip safeClip) {
            previous = safeClip.split();
        }
    }

    /** The trained model. */
    public ClipModel model() {
        return learner.model();
    }

    /** The method. */
    public Method method() {
        return method;
    }

    /** Epochs trained so far. */
    public int epochs() {
        return done;
    }

    /** Seconds of training so far, evaluations left out, over all sittings. */
    public double seconds() {
        return seconds;
    }
}
