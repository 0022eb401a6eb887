package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.report.ReportData;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.RunLock;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: trains one method on the embedded images or the user's pairs, clean or poisoned. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains one model on the embedded images or your own (--data) and saves it as DIR/checkpoint.safetensors.",
            "Also writes DIR/report.html, metrics.jsonl and config.toml, and trust.csv if the method splits the pairs."
        })
final class TrainCommand implements Callable<Integer> {
    private static final String CHECKPOINT = "checkpoint.safetensors";

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "safeclip",
            description = "training method: clip, clip-plain, clip-dedup, roclip, cleanclip or safeclip (default:"
                    + " ${DEFAULT-VALUE})")
    private String methodName = MethodCatalogue.SAFECLIP;

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            defaultValue = "none",
            description = "poison the pairs first, such as targeted or badnet; repeat to combine attacks (default:"
                    + " none)")
    private List<String> attack = List.of();

    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT",
            description = "for cleanclip: checkpoint of a finished clip run with equal settings, to start from")
    private @Nullable Path from;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    @SuppressWarnings("try") // lock and notice are there to be closed
    public Integer call() throws IOException, BackendUnavailable {
        ExperimentConfig config = options.config("tiny");
        MethodCatalogue.Entry method = MethodCatalogue.STANDARD.named(methodName);
        List<String> attacks = AttackCatalogue.STANDARD.parse(attack);
        PrintWriter out = spec.commandLine().getOut();
        try (Backend backend = options.open()) {
            String what = "train --method " + method.name();
            options.refuseOtherRun(what, config, attacks);
            Dataset dataset = Experiment.dataset(config);
            dataset.remarks().forEach(line -> out.println(Printable.text(line)));
            Experiment experiment = Experiment.of(config, dataset, attacks);
            experiment.attackLines().forEach(line -> out.println(Printable.text(line)));
            TrainingRun.refuseImpossible(experiment, method);
            Path file = options.out().resolve(CHECKPOINT);
            TrainingRun.refuseOtherCheckpoint(file, experiment, method);
            try (RunLock lock = options.prepare(what, config, attacks); // all input has been checked
                    InterruptNotice notice =
                            options.interruptNotice(spec.commandLine().getErr());
                    Metrics metrics =
                            Metrics.open(options.out().resolve("metrics.jsonl"), TrainingRun.metricsBytes(file));
                    Progress progress =
                            new Progress(out, Terminal.ofProcess(), List.of(Workload.of(experiment, method)));
                    LiveRun live = options.live(experiment, progress, out)) {
                TrainingRun training =
                        new TrainingRun(experiment, method, backend, file, metrics, LiveRun.listener(progress, live));
                training.resumeIfSaved();
                if (from != null && training.epochs() == 0) {
                    training.startFrom(from);
                }
                training.run();
                RunReport report = new RunReport(RunFolder.open(options.out()), experiment);
                ReportData shown = report.write(backend);
                out.println("Checkpoint: " + Printable.text(file.toString()));
                out.println("Report: " + Printable.text(report.file().toString()));
                out.flush();
                LiveRun.end(live, shown);
            }
        }
        return 0;
    }
}
