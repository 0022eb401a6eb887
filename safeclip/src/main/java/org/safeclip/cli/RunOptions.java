package org.safeclip.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.run.Scenario.AttackKind;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that train have in common. */
final class RunOptions {
    private static final String CONFIG = "config.toml";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the run; is made if missing")
    private Path out = Path.of("");

    @Option(names = "--seed", paramLabel = "N", description = "the one number behind all randomness (default: 0)")
    private @Nullable Long seed;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "settings from a file, such as the config.toml of another run, instead of the preset")
    private @Nullable Path config;

    @Option(names = "--resume", description = "go on where an interrupted run in DIR stopped")
    private boolean resume;

    @Parameters(
            paramLabel = "key=value",
            description = "settings that differ from the preset, such as clipEpochs=10; an unknown key lists all")
    private List<String> overrides = new ArrayList<>();

    Path out() {
        return out;
    }

    boolean resume() {
        return resume;
    }

    /** The settings: preset or file, then overrides, then the seed. */
    Config config(String preset) throws IOException {
        List<String> all = new ArrayList<>(overrides);
        if (seed != null) {
            all.add("seed=" + seed);
        }
        return config == null ? ConfigFile.preset(preset, all) : ConfigFile.read(config, all);
    }

    Backend open() throws BackendUnavailable {
        return device.open();
    }

    /**
     * Makes sure that DIR holds no other run; writes nothing.
     *
     * @param files by which a run is known
     */
    void refuseOtherRun(Config settings, AttackKind attack, List<String> files) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IllegalArgumentException(out + ": is a file where a folder is needed; choose another --out");
        }
        for (String file : files) {
            if (!resume && Files.exists(out.resolve(file))) {
                throw new IllegalArgumentException(out + ": holds a run already (" + file
                        + "); add --resume to go on with it, or choose another folder");
            }
        }
        Path saved = out.resolve(CONFIG);
        if (resume && Files.exists(saved) && !Files.readString(saved).equals(text(settings, attack))) {
            throw new IllegalArgumentException(saved
                    + ": the run was started with other settings; give the same ones to resume, or choose"
                    + " another folder");
        }
    }

    /** Makes DIR and writes the settings into it. */
    void prepare(Config settings, AttackKind attack) throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve(CONFIG), text(settings, attack));
    }

    private static String text(Config settings, AttackKind attack) {
        return "# attack: " + attack.label() + "\n" + ConfigFile.toml(settings);
    }
}
