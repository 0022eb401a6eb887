package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.SurrogateLoader;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.TextConfig;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/**
 * A model of a checkpoint with its settings and tokenizer.
 *
 * @param config settings of its training run
 * @param attacks attacks on its training pairs
 * @param tokenizer tokenizer of the model
 * @param model model with the saved weights
 */
public record SavedModel(ExperimentConfig config, List<String> attacks, Tokenizer tokenizer, ClipModel model) {
    /**
     * Loads a checkpoint of demo or train, which contains its settings.
     *
     * @throws CheckpointException if it was not written by this program
     */
    public static SavedModel load(Path checkpoint, Backend backend) throws IOException {
        return load(checkpoint, backend, List.of());
    }

    /** Loads a checkpoint like {@link #load(Path, Backend)} with some settings exchanged, {@code key=value} each. */
    public static SavedModel load(Path checkpoint, Backend backend, List<String> overrides) throws IOException {
        refuseFolder(checkpoint);
        Map<String, String> metadata = Checkpoint.metadata(checkpoint);
        ExperimentConfig config =
                ConfigFile.parse(checkpoint.toString(), entry(checkpoint, metadata.get("config")), overrides);
        Tokenizer tokenizer = Tokenizer.parse(entry(checkpoint, metadata.get("tokenizer")));
        ClipModel model = model(config, tokenizer, backend);
        Checkpoint.load(checkpoint, model, null);
        return new SavedModel(
                config,
                AttackCatalogue.STANDARD.parse(List.of(entry(checkpoint, metadata.get("attack")))),
                tokenizer,
                model);
    }

    /**
     * Loads the weights of a published CLIP with open_clip's names; the sizes come from a preset.
     *
     * @throws CheckpointException if the weights do not fit the preset
     */
    public static SavedModel published(Path weights, ExperimentConfig config, Backend backend) throws IOException {
        refuseFolder(weights);
        if (config.model().text().vocabulary() != TextConfig.OPENAI_VOCABULARY) {
            throw new InvalidInputException(
                    "model.text.vocabulary is " + config.model().text().vocabulary()
                            + ", but a file of weights contains no learned vocabulary; set model.text.vocabulary=0"
                            + " (CLIP's own), or omit --preset"
                            + " for a checkpoint of demo or train");
        }
        Tokenizer tokenizer = Tokenizer.openAi();
        ClipModel model = model(config, tokenizer, backend);
        Checkpoint.load(weights, model, null);
        return new SavedModel(config, List.of(), tokenizer, model);
    }

    /** Loads a checkpoint as the attacker's surrogate model, on the CPU, so that poisons do not depend on the training device. */
    static SurrogateLoader.Surrogate surrogate(Path checkpoint) throws IOException {
        Backend processor = processor();
        try {
            SavedModel saved = load(checkpoint, processor);
            return new SurrogateLoader.Surrogate(
                    saved.model(),
                    saved.tokenizer(),
                    saved.config().model().text().context(),
                    processor);
        } catch (IOException | RuntimeException e) {
            processor.close();
            throw e;
        }
    }

    private static Backend processor() throws IOException {
        try {
            return Backends.open("simd");
        } catch (BackendUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static ClipModel model(ExperimentConfig config, Tokenizer tokenizer, Backend backend) {
        return ClipModel.random(
                config.model().withVocabulary(tokenizer.vocabulary()),
                backend,
                config.key().fold("model").random());
    }

    private static void refuseFolder(Path checkpoint) {
        if (Files.isDirectory(checkpoint)) {
            throw new CheckpointException(checkpoint + ": is a folder; name the .safetensors file in it");
        }
    }

    private static String entry(Path checkpoint, @Nullable String value) {
        if (value == null) {
            throw new CheckpointException(checkpoint
                    + ": was not written by this program; expected a checkpoint of demo or train, or, for weights"
                    + " published elsewhere, evaluate with --preset");
        }
        return value;
    }
}
