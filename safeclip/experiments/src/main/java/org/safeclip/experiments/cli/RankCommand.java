package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.report.TextTable;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.RankingTrial;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rank}: ranks poisoned pairs by agreement, without training. */
@Command(
        name = "rank",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Ranks poisoned pairs by agreement with other pairs, before any training, and counts the poisons among the best.",
            "The ranking is that of the method safeclip-agreement, which matches no pair but the best"
                    + " (agreement.vouched)."
        })
final class RankCommand implements Callable<Integer> {
    @Option(
            names = "--attack",
            required = true,
            split = ",",
            paramLabel = "NAME",
            description = "attacks, a row of the table for each and each seed; join by + to combine some")
    private List<String> attacks = List.of();

    @Option(names = "--seeds", split = ",", paramLabel = "N", description = "seeds (default: that of the settings)")
    private List<Long> seeds = List.of();

    @Mixin
    private SettingOptions settings = new SettingOptions();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        ExperimentConfig config = settings.config("tiny");
        List<List<String>> named = new ArrayList<>();
        for (String label : attacks) {
            List<String> parsed = AttackCatalogue.STANDARD.parse(List.of(label));
            if (parsed.isEmpty()) {
                throw new InvalidInputException("rank needs attacks, such as --attack targeted,badnet");
            }
            named.add(parsed);
        }
        Dataset dataset = Experiment.dataset(config);
        PrintWriter out = spec.commandLine().getOut();
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "attack",
                "seed",
                "poisons",
                "in best",
                "of one target",
                "decoys",
                "ROC p",
                "c",
                "m",
                "n",
                "w",
                "v",
                "class kept",
                "images lost",
                "s"));
        try (Backend backend = device.open()) {
            for (List<String> attack : named) {
                for (long seed : seeds.isEmpty() ? List.of(config.seed()) : seeds) {
                    RankingTrial trial = RankingTrial.of(Settings.with(config, "seed", seed), dataset, attack, backend);
                    lines.add(line(AttackCatalogue.label(attack), seed, trial));
                }
            }
        }
        out.print(TextTable.text(lines));
        out.flush();
        return 0;
    }

    private static List<String> line(String attack, long seed, RankingTrial trial) {
        return List.of(
                attack,
                Long.toString(seed),
                Integer.toString(trial.poisons()),
                Integer.toString(trial.above()),
                Integer.toString(trial.worstTarget()),
                Integer.toString(trial.decoys()),
                share(trial.words()),
                share(trial.looks()),
                share(trial.picture()),
                share(trial.crowd()),
                share(trial.rarest()),
                share(trial.score()),
                share(trial.classKept()),
                share(trial.picturesLost()),
                String.format(Locale.ROOT, "%.1f", trial.seconds()));
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
