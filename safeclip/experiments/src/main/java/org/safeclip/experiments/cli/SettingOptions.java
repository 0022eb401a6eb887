package org.safeclip.experiments.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.settings.InvalidInputException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options for the settings of a command. */
final class SettingOptions {
    @Option(names = "--seed", paramLabel = "N", description = "random seed of the whole run (default: 0)")
    private @Nullable Long seed;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "tiny, paper, small, vit-b-32 or rn50 (default: tiny, as in the demo)")
    private @Nullable String preset;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "settings from a file, such as the config.toml of another run, instead of a preset")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "PLACE",
            description =
                    "pairs of your own: a file, a folder or a pattern of files; the format is recognised (default:"
                            + " the embedded images)")
    private @Nullable String data;

    @Parameters(paramLabel = "key=value", description = "settings that differ from the preset, such as clip.epochs=10")
    private List<String> overrides = new ArrayList<>();

    /** Whether {@code --preset} or {@code --config} was given. */
    boolean named() {
        return preset != null || config != null;
    }

    /**
     * The settings: preset or file, then {@code key=value}, then the options. The data are found from any folder.
     *
     * @param usual the preset if none is given
     * @throws InvalidInputException if both a preset and a file are given, or a setting is wrong
     */
    ExperimentConfig config(String usual) throws IOException {
        if (preset != null && config != null) {
            throw new InvalidInputException("--preset and --config are both given; use only one of them");
        }
        List<String> all = new ArrayList<>(overrides);
        if (seed != null) {
            all.add("seed=" + seed);
        }
        if (data != null) {
            all.add("data.source=" + data);
        }
        ExperimentConfig settings =
                config == null ? ConfigFile.preset(preset == null ? usual : preset, all) : ConfigFile.read(config, all);
        return settings.absolute();
    }
}
