package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Augmentation;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.SavedModel;
import org.safeclip.experiments.run.ScoreFile;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.CommunicatorUnavailable;
import org.safeclip.selection.PairScores;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code score}: scores pairs with a saved model. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Scores pairs with a saved model: how similar image and caption are, and how probably a pair belongs to the"
                    + " more similar of two groups (the mixture of SafeCLIP, fitted to all of them).",
            "Writes FILE with the columns row, image, caption, similarity and posterior. With several processes each"
                    + " scores a part of the pairs."
        })
final class ScoreCommand implements Callable<Integer> {
    private static final String REMEDY = "run the same command again";

    @Parameters(index = "0", paramLabel = "CHECKPOINT", description = "a checkpoint of demo or train")
    private Path checkpoint = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "csv file to write")
    private Path file = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "PLACE",
            description = "other pairs: a file, a folder or a pattern of files (default: those that the model was"
                    + " trained on, poisons included)")
    private @Nullable String data;

    @Mixin
    private ProcessOptions processOptions = new ProcessOptions();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @ParentCommand
    private Main main = new Main();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable, CommunicatorUnavailable {
        return processOptions.share(main.job(), spec, REMEDY, this::score);
    }

    private void score(Communicator processes) throws IOException, BackendUnavailable {
        try (Backend backend = device.open(processes)) {
            SavedModel saved = SavedModel.load(checkpoint, backend, overrides());
            ExperimentConfig config = saved.config();
            Experiment experiment = Experiment.of(config, data == null ? saved.attacks() : List.of());
            Augmentation augmentation = Augmentation.of(
                            experiment.pairs(),
                            config.augmentation(),
                            config.model().imageSize(),
                            saved.tokenizer(),
                            config.model().text().context(),
                            config.key())
                    .among(processes);
            PairScores scores = PairScores.of(saved.model(), augmentation, 0, config.scoring());
            if (processes.isFirst()) {
                ScoreFile.write(file, experiment, scores);
                print(scores);
            }
        }
    }

    /** Other pairs are all scored: none is held out, and nothing is known of them. */
    private List<String> overrides() {
        return data == null
                ? List.of()
                : List.of("data.source=" + data, "data.heldOutShare=0", "data.classes=", "data.poisonMask=");
    }

    private void print(PairScores scores) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d pairs in %.1f s; groups of mean similarity %.3f and %.3f, %.1f %% of the pairs in the first%n",
                scores.pairs(),
                scores.scoring().wall(),
                scores.mixture().means()[0],
                scores.mixture().means()[1],
                100 * scores.mixture().weights()[0]);
        out.println("Scores: " + Printable.text(file.toString()));
        out.flush();
    }
}
