package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.export.TensorBoard;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.CheckpointInterval;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.RunLock;
import org.safeclip.experiments.run.StopRequest;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that the training commands share. */
final class RunOptions {
    /** How an interrupted run is continued. */
    static final String HOW_TO_RESUME = "run the same command with --resume to continue from the last checkpoint";

    private static final String CONFIG = "config.toml";
    private static final Set<String> TRACES = Set.of(CONFIG, "metrics.jsonl", "result.json");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the run; created if missing")
    private Path out = Path.of("");

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS|MINUTES",
            defaultValue = "10min",
            description = "how often the state is saved within an epoch, such as 500 steps or 10min; 0: only at its end"
                    + " (default: ${DEFAULT-VALUE})")
    private String checkpointEvery = "10min";

    @Option(names = "--resume", description = "resume the interrupted run in DIR")
    private boolean resume;

    @Option(
            names = "--serve",
            paramLabel = "PORT",
            arity = "0..1",
            fallbackValue = Serving.OnlyNumbers.USUAL_PORT,
            preprocessor = Serving.OnlyNumbers.class,
            description = "show the report on a local page while training, and until Ctrl-C (default port:"
                    + " ${FALLBACK-VALUE})")
    private @Nullable Integer serve;

    @Option(
            names = "--tensorboard",
            description = "also write losses, rates and scores into DIR/tensorboard, for tensorboard --logdir")
    private boolean tensorBoard;

    @Mixin
    private SettingOptions settings = new SettingOptions();

    private final StopRequest stop = new StopRequest();

    Path out() {
        return out;
    }

    /** The settings of the options; the preset is used if none is given. */
    ExperimentConfig config(String preset) throws IOException {
        return settings.config(preset);
    }

    /** Whether {@code --preset} or {@code --config} was given. */
    boolean settingsNamed() {
        return settings.named();
    }

    /** The port of {@code --serve}; null without it. */
    @Nullable
    Integer port() {
        return serve;
    }

    /** How often the state is saved within an epoch. */
    CheckpointInterval checkpointInterval() {
        return CheckpointInterval.parse(checkpointEvery);
    }

    /** Lets a run save its state as often as wanted, and when the process is interrupted. */
    void saving(TrainingRun run) {
        run.saveEvery(checkpointInterval());
        run.stopOn(stop);
    }

    Backend open() throws BackendUnavailable {
        return device.open();
    }

    Backend open(Communicator processes) throws BackendUnavailable {
        return device.open(processes);
    }

    /**
     * Checks that DIR contains no other run of this or another command; writes nothing.
     *
     * @param what the command, such as "train --method clip"
     * @throws InvalidInputException if it does, or the run to resume has other settings
     */
    void refuseOtherRun(String what, ExperimentConfig settings, List<String> attacks) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InvalidInputException(out + ": is a file where a folder is needed; choose another --out");
        }
        Optional<Path> run = resume ? Optional.empty() : traceOfARun();
        if (run.isPresent()) {
            throw new InvalidInputException(out + ": already contains a run (" + run.get()
                    + "); add --resume to continue it, or choose another folder");
        }
        Path saved = out.resolve(CONFIG);
        if (resume && Files.exists(saved)) {
            List<String> differences = differences(Files.readString(saved), header(what, attacks), settings);
            if (!differences.isEmpty()) {
                throw new InvalidInputException(saved + ": the run was started with other settings ("
                        + String.join("; ", differences)
                        + "); resume with those settings, or choose another folder");
            }
        }
    }

    /** How a run differs from the saved one: in the command, or else in the settings. */
    private static List<String> differences(String written, String header, ExperimentConfig settings) {
        String before = written.lines().findFirst().orElse("");
        return before.equals(header)
                ? ConfigFile.differencesIfMoved(written, settings)
                : List.of(before.replaceFirst("^# ", "") + ", now " + header.substring(2));
    }

    private Optional<Path> traceOfARun() throws IOException {
        if (!Files.isDirectory(out)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.map(Path::getFileName)
                    .filter(name ->
                            TRACES.contains(name.toString()) || name.toString().endsWith(".safetensors"))
                    .min(Comparator.naturalOrder());
        }
    }

    /**
     * Creates DIR, locks it, and writes the settings into it.
     *
     * @return the lock, to be closed at the end of the run
     * @throws InvalidInputException if another process is training in DIR
     */
    RunLock prepare(String what, ExperimentConfig settings, List<String> attacks) throws IOException {
        Files.createDirectories(out);
        RunLock lock = RunLock.tryLock(out);
        if (lock == null) {
            throw new InvalidInputException(
                    out + ": another process is training in this folder; wait for it, or choose another --out");
        }
        Files.writeString(out.resolve(CONFIG), header(what, attacks) + "\n" + ConfigFile.toml(settings));
        return lock;
    }

    /**
     * Opens the local page of the run; DIR must be prepared.
     *
     * @return the page, or null without {@code --serve}
     */
    @Nullable
    LiveRun live(Experiment experiment, Progress progress, PrintWriter out) throws IOException {
        Integer port = port();
        return port == null
                ? null
                : new LiveRun(Serving.port(port), new RunReport(RunFolder.open(this.out), experiment), progress, out);
    }

    /** The files for TensorBoard, null unless they are wanted. */
    @Nullable
    TensorBoard tensorBoard() {
        return tensorBoard ? new TensorBoard(out.resolve("tensorboard")) : null;
    }

    /** Saves the state and says how to resume if the run is interrupted. */
    InterruptNotice interruptNotice(PrintWriter err) {
        return new InterruptNotice(HOW_TO_RESUME, stop, err);
    }

    private static String header(String what, List<String> attacks) {
        return RunFolder.header(what, attacks);
    }
}
