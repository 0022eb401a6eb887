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

/** A saved model: a checkpoint of this program, or weights that were published elsewhere, whose sizes a preset gives. */
final class ModelOptions {
    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description = "a checkpoint of demo or train, or a .safetensors file of a published CLIP, with --preset")
    private Path checkpoint = Path.of("");

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "model of a published file: vit-b-32, rn50, or any other with vocabulary=0")
    private @Nullable String preset;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "key=value",
            description = "settings that differ from the preset, such as quickGelu=false; only with --preset")
    private List<String> overrides = new ArrayList<>();

    /** The file. */
    Path checkpoint() {
        return checkpoint;
    }

    /**
     * The settings of the published model; null for a checkpoint, which has its own.
     *
     * @throws InvalidInputException if there are settings without a preset, or others than those known
     */
    @Nullable
    ExperimentConfig settings() throws IOException {
        if (preset != null) {
            return ConfigFile.preset(preset, overrides);
        }
        if (!overrides.isEmpty()) {
            throw new InvalidInputException(
                    "'" + overrides.getFirst() + "': a checkpoint has its own settings; others need --preset");
        }
        return null;
    }
}
