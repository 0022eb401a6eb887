package org.safeclip.experiments.grid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.CheckpointFiles;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.RunIdentity;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.RunLock;
import org.safeclip.experiments.run.RunSummary;
import org.safeclip.experiments.run.StopRequest;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;

/** The run folder of a cell: reads its result and trains it. */
public final class CellRun {
    private static final String CONFIG = "config.toml";
    private static final String RESULT = "result.json";
    private static final String CHECKPOINT = "checkpoint.safetensors";

    private final Cell cell;
    private final Path folder;

    /** A cell in the folder of its grid. */
    public CellRun(Cell cell, Path grid) {
        this.cell = cell;
        this.folder = cell.folder(grid);
    }

    /** The checkpoint; the file exists once the first epoch is finished. */
    public Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    /** The result, empty if the cell is not finished. */
    public Optional<Result> result() throws IOException {
        Path file = folder.resolve(RESULT);
        return Files.exists(file) ? Optional.of(Result.read(file)) : Optional.empty();
    }

    /**
     * Checks that the folder does not contain a run with other settings.
     *
     * @throws InvalidInputException if it does
     */
    public void refuseOtherSettings() throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            return;
        }
        List<String> differences = ConfigFile.differences(Files.readString(file), cell.config());
        if (!differences.isEmpty()) {
            throw new InvalidInputException(
                    folder + ": was started with other settings (" + String.join("; ", differences)
                            + "); use those settings, delete that folder, or choose another --out");
        }
    }

    /**
     * Trains the cell to the end, resuming from its checkpoint if there is one.
     *
     * @param experiment experiment with the cell's settings and attacks
     * @param clip the undefended cell with the attack and settings of this one, whose model CleanCLIP starts from; null for none
     * @param stop may ask the training to stop
     * @return true if the cell is finished; false if another process is training it
     */
    public boolean train(
            Experiment experiment, Backend backend, @Nullable CellRun clip, RunListener listener, StopRequest stop)
            throws IOException {
        Files.createDirectories(folder);
        try (RunLock lock = RunLock.tryLock(folder)) {
            if (lock == null) {
                return false;
            }
            if (result().isEmpty()) {
                trainLocked(experiment, backend, clip, listener, stop);
            }
            return true;
        }
    }

    private void trainLocked(
            Experiment experiment, Backend backend, @Nullable CellRun clip, RunListener listener, StopRequest stop)
            throws IOException {
        refuseOtherSettings();
        TrainingRun.refuseImpossible(experiment, cell.method());
        Path metricsFile = folder.resolve("metrics.jsonl");
        Files.writeString(
                folder.resolve(CONFIG),
                "# method: " + cell.method().name() + ", attack: " + AttackCatalogue.label(cell.attacks()) + "\n"
                        + ConfigFile.toml(cell.config()));
        RunIdentity.refuseOther(checkpoint(), experiment, cell.method());
        try (Metrics metrics = Metrics.open(metricsFile, CheckpointFiles.metricsBytes(checkpoint()))) {
            TrainingRun training = new TrainingRun(experiment, cell.method(), backend, checkpoint(), metrics, listener);
            training.stopOn(stop);
            training.resumeIfSaved();
            if (clip != null && training.isNew()) {
                training.startFrom(clip.checkpoint());
            }
            training.run();
            Evaluation evaluation = training.evaluation();
            List<Event> events = Metrics.read(metricsFile);
            Result.Run run = RunSummary.of(training, evaluation, experiment.outcomes(training.model()), events);
            Result result = RunSummary.result(experiment, backend.name(), List.of(run));
            new RunReport(RunFolder.open(folder), experiment).write(backend, result);
            result.write(folder.resolve(RESULT)); // written last, because it marks the cell as finished
        }
    }

    /** Whether an experiment has the attacks and settings of a cell. */
    static boolean matches(Cell cell, Experiment experiment) {
        return experiment.attacks().equals(cell.attacks())
                && experiment.config().equals(cell.config());
    }

    /**
     * Creates the experiment of a cell.
     *
     * @throws InvalidInputException if it has no images to test a model on
     */
    static Experiment experiment(Cell cell) throws IOException {
        Experiment experiment = Experiment.of(cell.config(), cell.attacks());
        if (!experiment.hasTests()) {
            throw new InvalidInputException(
                    "no held-out image of " + cell.config().data().source()
                            + " has a known class, so nothing can be compared; set data.classes=WORD,WORD");
        }
        return experiment;
    }
}
