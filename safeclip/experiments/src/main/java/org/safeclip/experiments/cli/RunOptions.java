package org.safeclip.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that train have in common. */
final class RunOptions {
    private static final String CONFIG = "config.toml";
    private static final Set<String> TRACES = Set.of(CONFIG, "metrics.jsonl", "result.json");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the run; is made if missing")
    private Path out = Path.of("");

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Option(names = "--resume", description = "go on where an interrupted run in DIR stopped")
    private boolean resume;

    @Mixin
    private SettingOptions settings = new SettingOptions();

    Path out() {
        return out;
    }

    /** The settings. */
    ExperimentConfig config(String preset) throws IOException {
        return settings.config(preset);
    }

    /** Whether a preset or a file of settings was named. */
    boolean settingsNamed() {
        return settings.named();
    }

    Backend open() throws BackendUnavailable {
        return device.open();
    }

    /**
     * Makes sure that DIR holds no other run, of this command or another; writes nothing.
     *
     * @param what is run, such as "train --method clip"
     */
    void refuseOtherRun(String what, ExperimentConfig settings, List<String> attacks) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InvalidInputException(out + ": is a file where a folder is needed; choose another --out");
        }
        Optional<Path> run = resume ? Optional.empty() : traceOfARun();
        if (run.isPresent()) {
            throw new InvalidInputException(out + ": holds a run already (" + run.get()
                    + "); add --resume to go on with it, or choose another folder");
        }
        Path saved = out.resolve(CONFIG);
        if (resume && Files.exists(saved)) {
            List<String> differences = differences(Files.readString(saved), header(what, attacks), settings);
            if (!differences.isEmpty()) {
                throw new InvalidInputException(saved + ": the run was started with other settings ("
                        + String.join("; ", differences)
                        + "); give the same ones to resume, or choose another folder");
            }
        }
    }

    /** Where a run's settings differ from those written down: what is run, or else the settings themselves. */
    private static List<String> differences(String written, String header, ExperimentConfig settings) {
        String before = written.lines().findFirst().orElse("");
        return before.equals(header)
                ? ConfigFile.differences(written, settings)
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

    /** Makes DIR and writes the settings into it. */
    void prepare(String what, ExperimentConfig settings, List<String> attacks) throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve(CONFIG), header(what, attacks) + "\n" + ConfigFile.toml(settings));
    }

    private static String header(String what, List<String> attacks) {
        return "# " + what + ", attack: " + AttackCatalogue.label(attacks);
    }
}
