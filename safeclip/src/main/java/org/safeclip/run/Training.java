package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.Method;
import org.safeclip.MethodState;
import org.safeclip.SafeClip;
import org.safeclip.baseline.CleanClip;
import org.safeclip.baseline.DuplicateFilter;
import org.safeclip.baseline.PlainClip;
import org.safeclip.baseline.RoClip;
import org.safeclip.eval.Evaluation;
import org.safeclip.learn.Learner;
import org.safeclip.learn.Objective;
import org.safeclip.learn.Seconds;
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
        /** The same without augmentation. */
        CLIP_PLAIN,
        /** CLIP without the pictures that repeat too often. */
        CLIP_DEDUP,
        /** Pictures are matched with the nearest of a pool of captions every other epoch. */
        ROCLIP,
        /** CLIP, fine-tuned on pairs known to be clean: a defence after the fact. */
        CLEANCLIP,
        /** Only what looks safe is believed. */
        SAFECLIP;

        /** The name on the command line and in files. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public String toString() { // as the command line reads it
            return label();
        }

        /** The method of that name. */
        public static Kind named(String label) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no method '" + label + "'; there are "
                            + Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "))));
        }
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
    private final SplitWatch splits;
    private Seconds aside = Seconds.NONE;
    private @Nullable Trust looked;
    private @Nullable Evaluation atTheEnd;

    /** Who is told how training goes on, besides the metrics. */
    public interface Watcher {
        /** What is worth knowing before the first epoch. */
        void plan(List<String> lines);

        /** An epoch begins. */
        void epoch(Method method, int epoch);

        /** A step was taken: number {@code step} of {@code ofSteps} in this pass. */
        void step(Objective objective, int epoch, int step, int ofSteps, float loss);

        /** The pairs were divided. */
        void split(SplitEvent split);

        /** The model was evaluated at the end of an epoch. */
        void evaluation(EvaluationEvent evaluation);

        /** The last epoch has ended. */
        default void end(int epochs) {}
    }

    /** A method at its start. */
    public Training(Scenario scenario, Kind kind, Backend backend, Path checkpoint, Metrics metrics, Watcher watcher) {
        Config config = scenario.config();
        this.scenario = scenario;
        this.kind = kind;
        this.checkpoint = checkpoint;
        this.metrics = metrics;
        this.watcher = watcher;
        ClipModel model =
                ClipModel.random(config.modelShape(scenario.tokenizer().vocabulary()), backend, config.random("model"));
        this.learner = new Learner(model, scenario.views(), scenario.gentleViews(), config.learning(), this::step);
        this.splits = new SplitWatch(scenario);
        this.method = switch (kind) {
            case CLIP -> PlainClip.augmented(config, learner);
            case CLIP_PLAIN -> PlainClip.unaugmented(config, learner);
            case CLIP_DEDUP ->
                PlainClip.filtered(config, learner, DuplicateFilter.kept(scenario.pairs(), config.mostDuplicates()));
            case ROCLIP -> new RoClip(config, learner);
            case CLEANCLIP -> new CleanClip(config, learner, scenario.cleanPairs());
            case SAFECLIP -> new SafeClip(config, learner, this::split);
        };
    }

    /** Refuses settings with which this method cannot learn from these pairs: before anything is written or trained. */
    public static void refuseImpossible(Scenario scenario, Kind kind) {
        int batch = scenario.config().batch();
        if (scenario.pairs().size() < batch) {
            throw new IllegalArgumentException("batch is " + batch + ", expected at most the "
                    + scenario.pairs().size() + " pairs there are: with fewer there is no step to take");
        }
        if (kind == Kind.CLEANCLIP) {
            scenario.cleanPairs();
        }
    }

    /** Trains to the end. */
    public void run() throws IOException {
        if (done < method.epochs()) {
            watcher.plan(method.plan());
        }
        while (done < method.epochs() && !learner.stopped()) {
            int epoch = done + 1;
            watcher.epoch(method, epoch);
            aside = Seconds.NONE;
            looked = null;
            Seconds start = Seconds.now();
            method.epoch(epoch);
            Seconds whole = Seconds.now().since(start).since(aside);
            seconds += whole.wall();
            done = epoch;
            metrics.add(epochEvent(epoch, whole));
            int every = scenario.config().evaluateEvery();
            boolean due = epoch == method.epochs() || (every > 0 && epoch % every == 0);
            if (due && scenario.canBeAsked()) {
                evaluate(epoch);
            }
            save();
        }
        watcher.end(done);
    }

    private EpochEvent epochEvent(int epoch, Seconds whole) {
        String phase = method.phase(epoch).label();
        Trust trust = looked;
        return trust == null
                ? new EpochEvent(method.name(), epoch, phase, whole)
                : new EpochEvent(method.name(), epoch, phase, whole, trust.scoring(), trust.fitting());
    }

    private void step(Objective objective, int epoch, int step, int ofSteps, double rate, float loss, double scale) {
        metrics.add(new StepEvent(method.name(), epoch, objective.name(), learner.steps(), loss, rate, scale));
        watcher.step(objective, epoch, step, ofSteps, loss);
    }

    private void split(int epoch, Trust trust, SafeSplit split) {
        Seconds start = Seconds.now();
        SplitEvent event = splits.event(method.name(), epoch, trust, split);
        metrics.add(event);
        watcher.split(event);
        looked = trust;
        aside = Seconds.now().since(start); // diagnosis is no part of the method
    }

    private void evaluate(int epoch) {
        Evaluation evaluation = epoch == method.epochs() ? evaluation() : scenario.glance(learner.model());
        EvaluationEvent event = new EvaluationEvent(method.name(), epoch, evaluation.scores());
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
                "attack", scenario.attackLabel(),
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
            String saved = metadata.getOrDefault(key, "");
            boolean same = key.equals("config")
                    ? ConfigFile.differences(saved, scenario.config()).isEmpty()
                    : mine.equals(saved);
            if (!same) {
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
        method.restore(state(saved));
        done = Integer.parseInt(saved.metadata().getOrDefault("epoch", "0"));
        seconds = Double.parseDouble(saved.metadata().getOrDefault("seconds", "0"));
        learner.restore(Long.parseLong(saved.metadata().getOrDefault("steps", "0")));
        if (method instanceof SafeClip safeClip) {
            splits.goOnFrom(safeClip.split());
        }
    }

    /** What the method itself wrote down. */
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
     * Starts CleanCLIP from a finished CLIP of the same scenario, which spares the pre-training and changes no bit.
     *
     * @param clip the checkpoint of {@link Kind#CLIP}
     */
    public void startFrom(Path clip) throws IOException {
        Map<String, String> metadata = Checkpoint.metadata(clip);
        int epochs = Integer.parseInt(metadata.getOrDefault("epoch", "0"));
        Map<String, String> wanted = new TreeMap<>(identity(scenario, Kind.CLIP));
        wanted.remove("config"); // may differ in what comes after CLIP
        boolean same = kind == Kind.CLEANCLIP
                && epochs == scenario.config().clipEpochs()
                && wanted.entrySet().stream().allMatch(mine -> mine.getValue().equals(metadata.get(mine.getKey())))
                && sameClip(metadata.getOrDefault("config", ""), scenario.config());
        if (!same) {
            throw new CheckpointException(clip + ": is no finished CLIP of the same settings, attack and pairs;"
                    + " CleanCLIP can only go on from one");
        }
        method.restore(state(Checkpoint.load(clip, learner.model(), null)));
        done = epochs;
        learner.restore(Long.parseLong(metadata.getOrDefault("steps", "0")));
    }

    /** Whether two configurations differ in nothing that CLIP learns from. */
    public static boolean sameClip(Config clip, Config other) {
        return sameClip(ConfigFile.toml(clip), other);
    }

    private static boolean sameClip(String clip, Config other) {
        return ConfigFile.differences(clip, other).stream()
                .allMatch(difference -> difference.startsWith("cleanclip") || difference.startsWith("evaluateEvery"));
    }

    /** All that can be asked of the model at the end; asked once. */
    public Evaluation evaluation() {
        Evaluation known = atTheEnd;
        if (known == null) {
            known = scenario.evaluate(learner.model());
            atTheEnd = known;
        }
        return known;
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
