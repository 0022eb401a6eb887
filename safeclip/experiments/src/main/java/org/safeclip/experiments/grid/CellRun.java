package org.safeclip.experiments.grid;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.report.Report;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.Summary;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;

/** A cell on disk: whether it is finished, and how it becomes so. */
public final class CellRun {
    private static final String CONFIG = "config.toml";
    private static final String RESULT = "result.json";
    private static final String CHECKPOINT = "checkpoint.safetensors";

    private final Cell cell;
    private final Path folder;

    /** The cell in the folder of its grid. */
    public CellRun(Cell cell, Path grid) {
        this.cell = cell;
        this.folder = cell.folder(grid);
    }

    /** Its model, once there is one. */
    public Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    /** What came of it, if it is finished. */
    public Optional<Result> result() throws IOException {
        Path file = folder.resolve(RESULT);
        return Files.exists(file) ? Optional.of(Result.read(file)) : Optional.empty();
    }

    /** Refuses a folder that holds the same cell with other settings. */
    public void refuseOtherSettings() throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            return;
        }
        List<String> differences = ConfigFile.differences(Files.readString(file), cell.config());
        if (!differences.isEmpty()) {
            throw new InvalidInputException(
                    folder + ": was started with other settings (" + String.join("; ", differences)
                            + "); give the same ones, delete that folder, or choose another --out");
        }
    }

    /**
     * Trains it to its end, from its checkpoint if it has one.
     *
     * @param experiment of the cell's settings and attack
     * @param clip the undefended cell of the same attack and settings, whose model CleanCLIP starts from; null for none
     * @return whether it was trained: not where another process is at it
     */
    public boolean train(Experiment experiment, Backend backend, @Nullable CellRun clip, RunListener listener)
            throws IOException {
        Files.createDirectories(folder);
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (lock == null) {
                return false;
            }
            if (result().isEmpty()) {
                trainAlone(experiment, backend, clip, listener);
            }
            return true;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // another thread of this process holds it
            return null;
        }
    }

    private void trainAlone(Experiment experiment, Backend backend, @Nullable CellRun clip, RunListener listener)
            throws IOException {
        refuseOtherSettings();
        TrainingRun.refuseImpossible(experiment, cell.method());
        Path story = folder.resolve("metrics.jsonl");
        Files.writeString(
                folder.resolve(CONFIG),
                "# method: " + cell.method().name() + ", attack: " + AttackCatalogue.label(cell.attacks()) + "\n"
                        + ConfigFile.toml(cell.config()));
        long keep = TrainingRun.metricsBytes(checkpoint(), experiment, cell.method());
        try (Metrics metrics = Metrics.open(story, keep)) {
            TrainingRun training = new TrainingRun(experiment, cell.method(), backend, checkpoint(), metrics, listener);
            training.resumeIfSaved();
            if (clip != null && training.epochs() == 0) {
                training.startFrom(clip.checkpoint());
            }
            training.run();
            Evaluation evaluation = training.evaluation();
            List<Event> events = Metrics.read(story);
            Result.Run run = Summary.of(training, evaluation, experiment.outcomes(training.model()), events);
            Result result = Summary.result(experiment, backend.name(), List.of(run));
            String settings = ConfigFile.toml(cell.config());
            Report.write(folder.resolve("report.html"), result, events, List.of(), settings, "");
            result.write(folder.resolve(RESULT)); // last: its being there means that the cell is finished
        }
    }

    /** Whether a experiment is that of a cell. */
    static boolean isOf(Cell cell, Experiment experiment) {
        return experiment.attacks().equals(cell.attacks())
                && experiment.config().equals(cell.config());
    }

    /** The experiment of a cell; refuses one in which no model could be asked anything. */
    static Experiment experiment(Cell cell) throws IOException {
        Experiment experiment = Experiment.of(cell.config(), cell.attacks());
        if (!experiment.canBeAsked()) {
            throw new InvalidInputException(
                    "no held-out picture of " + cell.config().data().source()
                            + " is known to show a class, so nothing could be compared; name data.classes=WORD,WORD");
        }
        return experiment;
    }
}
