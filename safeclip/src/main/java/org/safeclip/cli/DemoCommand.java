package org.safeclip.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.data.Corpus;
import org.safeclip.eval.AttackOutcome;
import org.safeclip.eval.AttackTest;
import org.safeclip.eval.Evaluation;
import org.safeclip.eval.Scores;
import org.safeclip.report.Attacked;
import org.safeclip.report.Metrics;
import org.safeclip.report.Report;
import org.safeclip.report.Result;
import org.safeclip.report.ResultTable;
import org.safeclip.report.ScoresTable;
import org.safeclip.run.AttackKind;
import org.safeclip.run.Scenario;
import org.safeclip.run.Summary;
import org.safeclip.run.Training;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: CLIP and SafeCLIP on the same poisoned data, and what became of the attack. */
@Command(
        name = DemoCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Poisons the embedded pictures, trains CLIP and SafeCLIP on them, and shows which of the two was fooled.",
            "Writes DIR/result.json, report.html, metrics.jsonl, config.toml and the checkpoints."
        })
final class DemoCommand implements Callable<Integer> {
    static final String NAME = "demo";
    private static final List<Training.Kind> METHODS = List.of(Training.Kind.CLIP, Training.Kind.SAFECLIP);
    private static final int PICTURES_SHOWN = 16;

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            defaultValue = "targeted",
            description = "what is done to the pairs, such as targeted, badnet or wanet; repeat to stack, the first is"
                    + " the one reported (default: ${DEFAULT-VALUE})")
    private List<String> attack = List.of();

    @Option(names = "--quick", description = "the short version: enough to see the attack take and the first split")
    private boolean quick;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        List<AttackKind> attacks = AttackKind.parse(attack);
        if (attacks.isEmpty()) {
            throw new IllegalArgumentException("a demo needs an attack: --attack targeted or --attack badnet");
        }
        if (quick && options.settingsNamed()) {
            throw new IllegalArgumentException(
                    "--quick brings settings of its own, so neither --preset nor --config goes with it");
        }
        Config config = options.config(quick ? "quick" : "tiny");
        PrintWriter out = spec.commandLine().getOut();
        try (Backend backend = options.open()) {
            options.refuseOtherRun(NAME, config, attacks);
            out.printf(
                    "SafeCLIP demo%s: %s attack, seed %d, %s (%s)%n",
                    quick ? ", short version" : "",
                    AttackKind.label(attacks),
                    config.seed(),
                    backend.name(),
                    backend.describe());
            Corpus corpus = Scenario.corpus(config);
            corpus.remarks().forEach(out::println);
            Scenario scenario = Scenario.of(config, corpus, attacks);
            if (!scenario.canBeAsked()) {
                throw new IllegalArgumentException("a demo tests its models, and no held-out picture of "
                        + config.data() + " is known to show a class; name some with classes=WORD,WORD, or use train");
            }
            out.printf(
                    Locale.ROOT,
                    "%,d pairs, %d of them poisoned (%.1f %%)%n",
                    scenario.pairs().size(),
                    scenario.mask().count(),
                    100 * scenario.mask().rate());
            scenario.attackLines().forEach(out::println);
            out.flush();
            run(scenario, backend, out);
        }
        return 0;
    }

    private static String checkpoint(Training.Kind kind) {
        return "checkpoint-" + kind.label() + ".safetensors";
    }

    private void run(Scenario scenario, Backend backend, PrintWriter out) throws IOException {
        long keep = 0;
        for (Training.Kind kind : METHODS) {
            Training.refuseImpossible(scenario, kind);
            keep = Math.max(keep, Training.metricsBytes(options.out().resolve(checkpoint(kind)), scenario, kind));
        }
        // from here on nothing can be wrong with the input
        options.prepare(NAME, scenario.config(), scenario.attacks());
        Path story = options.out().resolve("metrics.jsonl");
        List<Result.Run> runs = new ArrayList<>();
        Map<String, int[]> calls = new LinkedHashMap<>();
        try (Metrics metrics = Metrics.open(story, keep)) {
            for (Training.Kind kind : METHODS) {
                Path file = options.out().resolve(checkpoint(kind));
                Training training = new Training(scenario, kind, backend, file, metrics, new Progress(out));
                training.resumeIfSaved();
                training.run();
                Evaluation evaluation = training.evaluation();
                List<AttackOutcome> outcomes = scenario.outcomes(training.model());
                runs.add(Summary.of(training, evaluation, outcomes, Metrics.read(story)));
                calls.put(training.method().name(), evaluation.calledBy());
                tell(scenario, training, evaluation, outcomes, out);
            }
        }
        Result result = Summary.result(scenario, backend.name(), runs);
        result.write(options.out().resolve("result.json"));
        Path report = options.out().resolve("report.html");
        Report.write(
                report,
                result,
                Metrics.read(story),
                attacked(scenario, calls),
                ConfigFile.toml(scenario.config()),
                note());
        out.println();
        out.println(ResultTable.text(result));
        Map<String, Scores> scores = new LinkedHashMap<>();
        runs.forEach(run -> scores.put(run.method(), run.scores()));
        out.println(ScoresTable.text(scores));
        out.println("Report: " + report);
        out.flush();
    }

    private String note() {
        return quick
                ? "This was the short version (--quick): it stops long before the models are as good as they get."
                : "";
    }

    /** What is known so far, as it becomes known. */
    private void tell(
            Scenario scenario,
            Training training,
            Evaluation evaluation,
            List<AttackOutcome> outcomes,
            PrintWriter out) {
        String method = training.method().name();
        out.printf("%n%s:%n", method);
        AttackTest test = scenario.attackTest();
        List<String> kinds = scenario.kinds().classes().names();
        if (scenario.attacks().getFirst() == AttackKind.TARGETED) {
            for (int i = 0; i < test.size(); i++) {
                int called = evaluation.calledBy()[i];
                out.printf(
                        "  %-28s is called %-18s %s%n",
                        test.truths().get(i),
                        kinds.get(called),
                        called == test.wanted()[i] ? "<- as the attacker wants" : "");
            }
        }
        outcomes.forEach(outcome -> AttackReport.print(outcome, out));
        out.println();
        out.flush();
    }

    private static List<Attacked> attacked(Scenario scenario, Map<String, int[]> calls) {
        AttackTest test = scenario.attackTest();
        List<String> kinds = scenario.kinds().classes().names();
        List<Attacked> shown = new ArrayList<>();
        int every = Math.max(1, test.size() / PICTURES_SHOWN);
        for (int i = 0; i < test.pictures().size() && shown.size() < PICTURES_SHOWN; i += every) {
            Map<String, String> calledBy = new LinkedHashMap<>();
            int picture = i;
            calls.forEach((method, called) -> calledBy.put(method, kinds.get(called[picture])));
            shown.add(new Attacked(
                    test.pictures().get(i),
                    scenario.pairs().imageSize(),
                    test.truths().get(i),
                    kinds.get(test.wanted()[i]),
                    calledBy));
        }
        return shown;
    }
}
