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
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.export.TensorBoard;
import org.safeclip.experiments.report.ReportData;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.CheckpointFiles;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.RunIdentity;
import org.safeclip.experiments.run.RunListener;
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

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            defaultValue = "targeted",
            description = "attack on the pairs, such as targeted, badnet or wanet; repeat to combine attacks, the"
                    + " first is reported (default: ${DEFAULT-VALUE})")
    private List<String> attack = List.of();

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = MethodCatalogue.SAFECLIP_AGREEMENT,
            description = "the defence: safeclip is the published algorithm, safeclip-agreement an extension that"
                    + " also asks other pairs (default: ${DEFAULT-VALUE})")
    private String defence = MethodCatalogue.SAFECLIP_AGREEMENT;

    @Option(
            names = "--quick",
            description = "short version: long enough to see the attack succeed and the mixture at work")
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
        List<MethodCatalogue.Entry> methods = methods();
        ExperimentConfig config = options.config(quick ? "quick" : "tiny");
        PrintWriter out = spec.commandLine().getOut();
        try (Backend backend = options.open()) {
            options.refuseOtherRun(what(), config, attacks);
            Terminal terminal = Terminal.ofProcess();
            String what = String.format(
                    "SafeCLIP demo%s: %s attack, seed %d, %s (%s)",
                    quick ? ", short version" : "",
                    AttackCatalogue.label(attacks),
                    config.seed(),
                    backend.name(),
                    backend.describe());
            Wrapped.print(what, terminal, out);
            Dataset dataset = Experiment.dataset(config);
            dataset.remarks().forEach(line -> Wrapped.print(line, terminal, out));
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
            experiment.attackLines().forEach(line -> Wrapped.print(line, terminal, out));
            out.flush();
            run(experiment, methods, backend, out);
        }
        return 0;
    }

    /** Undefended CLIP and the defence. */
    private List<MethodCatalogue.Entry> methods() {
        MethodCatalogue.Entry clip = MethodCatalogue.STANDARD.named(MethodCatalogue.CLIP);
        MethodCatalogue.Entry safe = MethodCatalogue.STANDARD.named(defence);
        if (safe.equals(clip)) {
            throw new InvalidInputException(
                    "demo compares undefended CLIP with a defence, but --method is clip; expected"
                            + " such as safeclip or safeclip-agreement");
        }
        return List.of(clip, safe);
    }

    private static String checkpoint(MethodCatalogue.Entry method) {
        return "checkpoint-" + method.name() + ".safetensors";
    }

    @SuppressWarnings("try") // lock and notice are there to be closed
    private void run(Experiment experiment, List<MethodCatalogue.Entry> methods, Backend backend, PrintWriter out)
            throws IOException {
        for (MethodCatalogue.Entry method : methods) {
            TrainingRun.refuseImpossible(experiment, method);
            RunIdentity.refuseOther(options.out().resolve(checkpoint(method)), experiment, method);
        }
        try (RunLock lock = options.prepare(
                        what(), experiment.config(), experiment.attacks()); // all input has been checked
                InterruptNotice notice =
                        options.interruptNotice(spec.commandLine().getErr())) {
            train(experiment, methods, backend, out);
        }
    }

    private void train(Experiment experiment, List<MethodCatalogue.Entry> methods, Backend backend, PrintWriter out)
            throws IOException {
        long keep = 0; // of the metrics, those that the latest checkpoint knows
        for (MethodCatalogue.Entry method : methods) {
            keep = Math.max(keep, CheckpointFiles.metricsBytes(options.out().resolve(checkpoint(method))));
        }
        Path metricsFile = options.out().resolve("metrics.jsonl");
        List<Result.Run> runs = new ArrayList<>();
        Map<String, int[]> calls = new LinkedHashMap<>();
        List<Workload> work =
                methods.stream().map(method -> Workload.of(experiment, method)).toList();
        try (Metrics metrics = Metrics.open(metricsFile, keep);
                Progress progress = new Progress(out, Terminal.ofProcess(), work);
                LiveRun live = options.live(experiment, progress, out);
                TensorBoard board = options.tensorBoard()) {
            RunListener listener = LiveRun.listener(progress, live, board);
            for (MethodCatalogue.Entry method : methods) {
                Path file = options.out().resolve(checkpoint(method));
                TrainingRun training = new TrainingRun(experiment, method, backend, file, metrics, listener);
                options.saving(training);
                training.resumeIfSaved();
                training.run();
                Evaluation evaluation = training.evaluation();
                List<AttackOutcome> outcomes = experiment.outcomes(training.model());
                runs.add(RunSummary.of(training, evaluation, outcomes, Metrics.read(metricsFile)));
                calls.put(training.method().name(), evaluation.predictions());
            }
            Result result = RunSummary.result(experiment, backend.name(), runs);
            result.write(options.out().resolve("result.json"));
            ReportData report = new RunReport(RunFolder.open(options.out()), experiment).write(backend);
            new RunSummaryText(result, Terminal.ofProcess().width())
                    .print(experiment, calls, report.note(), options.out(), out);
            LiveRun.end(live, report);
        }
    }

    private String what() {
        return quick ? NAME + " --quick" : NAME;
    }
}
