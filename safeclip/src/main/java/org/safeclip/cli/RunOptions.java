package org.safeclip.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.run.AttackKind;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that train have in common. */
final class RunOptions {
    private static final String CONFIG = "config.toml";

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

    boolean resume() {
        return resume;
    }

    /** The settings. */
    Config config(String preset) throws IOException {
        return settings.config(preset);
    }

    Backend open() throws BackendUnavailable {
        return device.open();
    }

    /**
     * Makes sure that DIR holds no other run; writes nothing.
     *
     * @param files by which a run is known
     */
    void refuseOtherRun(Config settings, List<AttackKind> attacks, List<String> files) throws IOException {
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
        if (resume && Files.exists(saved) && !Files.readString(saved).equals(text(settings, attacks))) {
            throw new IllegalArgumentException(saved
                    + ": the run was started with other settings; give the same ones to resume, or choose"
                    + " another folder");
        }
    }

    /** Makes DIR and writes the settings into it. */
    void prepare(Config settings, List<AttackKind> attacks) throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve(CONFIG), text(settings, attacks));
    }

    private static String text(Config settings, List<AttackKind> attacks) {
        return "# attack: " + AttackKind.label(attacks) + "\n" + ConfigFile.toml(settings);
    }
}
