package org.safeclip.experiments.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.eval.Ranking;
import org.safeclip.experiments.eval.ZeroShot;
import org.safeclip.experiments.report.AttackedImage.Answer;
import org.safeclip.experiments.report.AttackedImage.Kind;
import org.safeclip.experiments.report.ReportData.PoisonedPair;
import org.safeclip.experiments.report.ReportData.Trusted;
import org.safeclip.experiments.report.ReportData.TrustedPairs;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.SavedModel;
import org.safeclip.experiments.run.TrustFile;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.backend.Backend;

/** Gathers what the report of a run folder shows: events, pictures, and the answers of the saved models. */
public final class RunReport {
    /** Most attacked images shown. */
    private static final int ATTACKED = 16;

    /** Most poisoned pairs shown. */
    private static final int POISONS = 8;

    /** Pairs shown at each end of the ranking. */
    private static final int TRUSTED = 12;

    private static final String QUICK =
            "This was the short version (--quick): training stops long before the models reach"
                    + " their best accuracy.";

    private final RunFolder run;
    private final Experiment experiment;

    /**
     * A report of a run.
     *
     * @param experiment the run's experiment, made from its settings and attacks
     */
    public RunReport(RunFolder run, Experiment experiment) {
        this.run = run;
        this.experiment = experiment;
    }

    /** The file that {@link #write} writes. */
    public Path file() {
        return run.folder().resolve("report.html");
    }

    /**
     * Writes the report of a run, finished or not.
     *
     * @return what it shows
     */
    public ReportData write(Backend backend) throws IOException {
        return write(backend, run.result().orElse(null));
    }

    /**
     * Writes the report of a run.
     *
     * @param result result of all methods, null before they are finished
     * @return what it shows
     */
    public ReportData write(Backend backend, @Nullable Result result) throws IOException {
        ReportData data = data(backend, result);
        Report.write(file(), data);
        return data;
    }

    /** Everything that is known of the run so far, without asking its models. */
    public ReportData data() throws IOException {
        return data(Map.of(), new EmbeddingMaps(experiment), run.result().orElse(null));
    }

    private ReportData data(Backend backend, @Nullable Result result) throws IOException {
        Map<String, float[]> scores = new LinkedHashMap<>();
        EmbeddingMaps maps = new EmbeddingMaps(experiment);
        AttackTestSet test = experiment.attackTest();
        if (!test.images().isEmpty()) {
            maps.add("Before training", experiment.model(backend));
            for (Map.Entry<String, Path> saved : run.checkpoints().entrySet()) {
                ClipModel model = SavedModel.load(saved.getValue(), backend).model();
                scores.put(saved.getKey(), scores(model, test));
                maps.addTrained(saved.getKey(), model);
            }
        }
        return data(scores, maps, result);
    }

    private ReportData data(Map<String, float[]> scores, EmbeddingMaps maps, @Nullable Result result)
            throws IOException {
        return new ReportData(
                new ReportData.Subject(
                        experiment.attackLabel(),
                        experiment.config().seed(),
                        experiment.config().data().embedded()
                                ? "embedded images, " + experiment.heldOut()
                                : experiment.config().data().source(),
                        experiment.pairs().size(),
                        experiment.mask().count(),
                        experiment.poisonsKnown(),
                        experiment.remarks()),
                result,
                run.events(),
                attacked(scores),
                poisons(),
                trust(),
                maps.maps(),
                choices(scores),
                ConfigFile.toml(experiment.config()),
                run.command().contains("--quick") ? QUICK : "");
    }

    /** The cosine of every attacked image with every coarse class, row by row. */
    private float[] scores(ClipModel model, AttackTestSet test) {
        ClassList classes = experiment.coarse().classes();
        int context = experiment.config().model().text().context();
        return ZeroShot.of(model, classes, experiment.tokenizer(), context)
                .scores(model, test.images(), experiment.config().model().imageSize());
    }

    private List<AttackedImage> attacked(Map<String, float[]> scores) {
        AttackTestSet test = experiment.attackTest();
        List<String> names = experiment.coarse().classes().names();
        Map<String, int[]> answers = new LinkedHashMap<>();
        scores.forEach((method, all) -> answers.put(method, Ranking.best(all, names.size())));
        List<AttackedImage> shown = new ArrayList<>();
        int every = Math.max(1, test.images().size() / ATTACKED);
        for (int i = 0; i < test.images().size() && shown.size() < ATTACKED; i += every) {
            Map<String, Answer> predictions = new LinkedHashMap<>();
            for (Map.Entry<String, int[]> one : answers.entrySet()) {
                int answer = one.getValue()[i];
                Kind kind =
                        answer == test.wanted()[i] ? Kind.FOOLED : answer == test.labels()[i] ? Kind.RIGHT : Kind.WRONG;
                predictions.put(one.getKey(), new Answer(names.get(answer), kind));
            }
            byte[] pixels = test.images().get(i);
            shown.add(new AttackedImage(
                    pixels, test.truths().get(i), names.get(test.wanted()[i]), captionsOf(pixels), predictions));
        }
        return shown;
    }

    /** The captions of the poisons that show exactly these pixels. */
    private List<String> captionsOf(byte[] pixels) {
        List<String> captions = new ArrayList<>();
        for (PoisonMask.Group group : experiment.mask().groups()) {
            for (int row : group.rows()) {
                if (Arrays.equals(experiment.pairs().image(row), pixels)) {
                    captions.add(experiment.pairs().caption(row));
                }
            }
        }
        return captions;
    }

    /** Some poisons of each group, evenly. */
    private List<PoisonedPair> poisons() {
        List<PoisonMask.Group> groups = experiment.mask().groups();
        List<PoisonedPair> shown = new ArrayList<>();
        for (int g = 0; g < groups.size() && shown.size() < POISONS; g++) {
            PoisonMask.Group group = groups.get(g);
            int some = Math.min(group.rows().length, Math.max(1, POISONS / groups.size()));
            for (int i = 0; i < some; i++) {
                int row = group.rows()[(int) ((long) i * group.rows().length / some)];
                shown.add(new PoisonedPair(
                        experiment.pairs().image(row), experiment.pairs().caption(row), group.targetClass()));
            }
        }
        return shown;
    }

    private List<TrustedPairs> trust() throws IOException {
        List<TrustedPairs> all = new ArrayList<>();
        for (Map.Entry<String, Path> saved : run.checkpoints().entrySet()) {
            Path file = TrustFile.beside(saved.getValue());
            if (Files.exists(file)) {
                TrustFile trust = TrustFile.read(file);
                int[] order = trust.leastFirst();
                all.add(new TrustedPairs(
                        saved.getKey(),
                        trust.epoch(),
                        trusted(trust, order, 0, 1),
                        trusted(trust, order, order.length - 1, -1)));
            }
        }
        return all;
    }

    private List<Trusted> trusted(TrustFile trust, int[] order, int from, int step) {
        List<Trusted> pairs = new ArrayList<>();
        for (int i = 0; i < Math.min(TRUSTED, order.length); i++) {
            pairs.add(trusted(experiment, trust, order[from + i * step]));
        }
        return pairs;
    }

    /** A pair of the file with its picture. */
    public static Trusted trusted(Experiment experiment, TrustFile trust, int pair) {
        TrustFile.Pair known = trust.pairs().get(pair);
        return new Trusted(
                experiment.pairs().image(pair),
                known.caption(),
                known.similarity(),
                known.posterior(),
                known.safe(),
                experiment.poisonsKnown() ? (Boolean) experiment.mask().rows().get(pair) : null);
    }

    private List<ReportData.Choices> choices(Map<String, float[]> scores) {
        AttackTestSet test = experiment.attackTest();
        int classes = experiment.coarse().classes().size();
        List<ReportData.Choices> all = new ArrayList<>();
        int every = Math.max(1, test.images().size() / 200);
        scores.forEach((method, of) -> {
            int[] answers = Ranking.best(of, classes);
            int[] shown = IntStream.range(0, test.size())
                    .filter(i -> i % every == 0 && test.labels()[i] >= 0)
                    .toArray();
            boolean[] fooled = new boolean[shown.length];
            for (int i = 0; i < shown.length; i++) {
                fooled[i] = answers[shown[i]] == test.wanted()[shown[i]];
            }
            if (shown.length > 0) {
                all.add(new ReportData.Choices(
                        method,
                        IntStream.of(shown)
                                .mapToDouble(i -> of[i * classes + test.labels()[i]])
                                .toArray(),
                        IntStream.of(shown)
                                .mapToDouble(i -> of[i * classes + test.wanted()[i]])
                                .toArray(),
                        fooled));
            }
        });
        return all;
    }
}
