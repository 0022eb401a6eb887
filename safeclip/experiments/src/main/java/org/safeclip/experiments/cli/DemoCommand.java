package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.report.AttackedImage;
import org.safeclip.experiments.report.Report;
import org.safeclip.experiments.report.ResultTable;
import org.safeclip.experiments.report.ScoresTable;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunLock;
import org.safeclip.experiments.run.RunSummary;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: trains CLIP and SafeCLIP on one poisoned data set and compares the attack success. */
@Command(
        name = DemoCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Poisons the embedded images, trains CLIP and SafeCLIP on them, and compares the attack success.",
            "Writes DIR/result.json, report.html, metrics.jsonl, config.toml and the checkpoints."
        })
final class DemoCommand implements Callable<Integer> {
    static final String NAME = "demo";
    private static final List<MethodCatalogue.Entry> METHODS = List.of(
            MethodCatalogue.STANDARD.named(MethodCatalogue.CLIP),
            MethodCatalogue.STANDARD.named(MethodCatalogue.SAFECLIP));
    private static final int IMAGES_SHOWN = 16;

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            defaultValue = "targeted",
            description = "attack on the pairs, such as targeted, badnet or wanet; repeat to combine attacks, the"
                    + " first is reported (default: ${DEFAULT-VALUE})")
    private List<String> attack = List.of();

    @Option(names = "--quick", description = "short version: long enough to see the attack succeed and the first split")
    private boolean quick;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        List<String> attacks = AttackCatalogue.STANDARD.parse(attack);
        if (attacks.isEmpty()) {
            throw new InvalidInputException("a demo needs an attack: --attack targeted or --attack badnet");
        }
        if (quick && options.settingsNamed()) {
            throw new InvalidInputException(
                    "--quick has its own settings; it cannot be combined with --preset or --config");
        }
        ExperimentConfig config = options.config(quick ? "quick" : "tiny");
        PrintWriter out = spec.commandLine().getOut();
        try (Backend backend = options.open()) {
            options.refuseOtherRun(NAME, config, attacks);
            out.printf(
                    "SafeCLIP demo%s: %s attack, seed %d, %s (%s)%n",
                    quick ? ", short version" : "",
                    AttackCatalogue.label(attacks),
                    config.seed(),
                    backend.name(),
                    backend.describe());
            Dataset dataset = Experiment.dataset(config);
            dataset.remarks().forEach(line -> out.println(Printable.text(line)));
            Experiment experiment = Experiment.of(config, dataset, attacks);
            if (!experiment.hasTests()) {
                throw new InvalidInputException("a demo tests its models, but no held-out image of "
                        + config.data().source()
                        + " has a known class; set data.classes=WORD,WORD, or use train");
            }
            out.printf(
                    Locale.ROOT,
                    "%,d pairs, %d of them poisoned (%.1f %%)%n",
                    experiment.pairs().size(),
                    experiment.mask().count(),
                    100 * experiment.mask().rate());
            experiment.attackLines().forEach(line -> out.println(Printable.text(line)));
            out.flush();
            run(experiment, backend, out);
        }
        return 0;
    }

    private static String checkpoint(MethodCatalogue.Entry method) {
        return "checkpoint-" + method.name() + ".safetensors";
    }

    @SuppressWarnings("try") // lock and notice are there to be closed
    private void run(Experiment experiment, Backend backend, PrintWriter out) throws IOException {
        for (MethodCatalogue.Entry method : METHODS) {
            TrainingRun.refuseImpossible(experiment, method);
            TrainingRun.refuseOtherCheckpoint(options.out().resolve(checkpoint(method)), experiment, method);
        }
        try (RunLock lock =
                        options.prepare(NAME, experiment.config(), experiment.attacks()); // all input has been checked
                InterruptNotice notice =
                        options.interruptNotice(spec.commandLine().getErr())) {
            train(experiment, backend, out);
        }
    }

    private void train(Experiment experiment, Backend backend, PrintWriter out) throws IOException {
        long keep = 0; // of the metrics, those that the latest checkpoint knows
        for (MethodCatalogue.Entry method : METHODS) {
            keep = Math.max(keep, TrainingRun.metricsBytes(options.out().resolve(checkpoint(method))));
        }
        Path metricsFile = options.out().resolve("metrics.jsonl");
        List<Result.Run> runs = new ArrayList<>();
        Map<String, int[]> calls = new LinkedHashMap<>();
        try (Metrics metrics = Metrics.open(metricsFile, keep)) {
            for (MethodCatalogue.Entry method : METHODS) {
                Path file = options.out().resolve(checkpoint(method));
                TrainingRun training = new TrainingRun(experiment, method, backend, file, metrics, new Progress(out));
                training.resumeIfSaved();
                training.run();
                Evaluation evaluation = training.evaluation();
                List<AttackOutcome> outcomes = experiment.outcomes(training.model());
                runs.add(RunSummary.of(training, evaluation, outcomes, Metrics.read(metricsFile)));
                calls.put(training.method().name(), evaluation.predictions());
                printOutcomes(experiment, training, evaluation, outcomes, out);
            }
        }
        Result result = RunSummary.result(experiment, backend.name(), runs);
        result.write(options.out().resolve("result.json"));
        Path report = options.out().resolve("report.html");
        Report.write(
                report,
                result,
                Metrics.read(metricsFile),
                attacked(experiment, calls),
                ConfigFile.toml(experiment.config()),
                note());
        out.println();
        out.println(Printable.lines(ResultTable.text(result)));
        Map<String, Scores> scores = new LinkedHashMap<>();
        runs.forEach(run -> scores.put(run.method(), run.scores()));
        out.println(ScoresTable.text(scores));
        out.println("Report: " + Printable.text(report.toString()));
        out.flush();
    }

    private String note() {
        return quick
                ? "This was the short version (--quick): training stops long before the models reach their"
                        + " best accuracy."
                : "";
    }

    /** Prints the outcome of the attacks on a model. */
    private void printOutcomes(
            Experiment experiment,
            TrainingRun training,
            Evaluation evaluation,
            List<AttackOutcome> outcomes,
            PrintWriter out) {
        String method = training.method().name();
        out.printf("%n%s:%n", method);
        AttackTestSet test = experiment.attackTest();
        List<String> coarse = experiment.coarse().classes().names();
        if (test.withoutTrigger() == null) {
            for (int i = 0; i < test.size(); i++) {
                int called = evaluation.predictions()[i];
                out.printf(
                        "  %-28s classified as %-18s %s%n",
                        Printable.text(test.truths().get(i)),
                        Printable.text(coarse.get(called)),
                        called == test.wanted()[i] ? "<- attack succeeded" : "");
            }
        }
        outcomes.forEach(outcome -> AttackReport.print(outcome, out));
        out.println();
        out.flush();
    }

    private static List<AttackedImage> attacked(Experiment experiment, Map<String, int[]> calls) {
        AttackTestSet test = experiment.attackTest();
        List<String> coarse = experiment.coarse().classes().names();
        List<AttackedImage> shown = new ArrayList<>();
        int every = Math.max(1, test.size() / IMAGES_SHOWN);
        for (int i = 0; i < test.images().size() && shown.size() < IMAGES_SHOWN; i += every) {
            Map<String, String> predictions = new LinkedHashMap<>();
            int index = i;
            calls.forEach((method, called) -> predictions.put(method, coarse.get(called[index])));
            shown.add(new AttackedImage(
                    test.images().get(i),
                    experiment.pairs().imageSize(),
                    test.truths().get(i),
                    coarse.get(test.wanted()[i]),
                    predictions));
        }
        return shown;
    }
}
