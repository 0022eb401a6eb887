package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.tensor.backend.Backend;

/**
 * A model of a checkpoint, with what it needs to be asked something.
 *
 * @param config the settings it was trained with
 * @param attacks what its training pairs had suffered
 * @param tokenizer its vocabulary
 * @param model its weights
 */
public record SavedModel(Config config, List<AttackKind> attacks, Tokenizer tokenizer, ClipModel model) {
    /** A checkpoint of demo or train, which says itself how it was made. */
    public static SavedModel load(Path checkpoint, Backend backend) throws IOException {
        refuseFolder(checkpoint);
        Map<String, String> metadata = Checkpoint.metadata(checkpoint);
        Config config = ConfigFile.parse(checkpoint.toString(), entry(checkpoint, metadata.get("config")), List.of());
        Tokenizer tokenizer = Tokenizer.parse(entry(checkpoint, metadata.get("tokenizer")));
        ClipModel model = ClipModel.random(config.modelShape(tokenizer.vocabulary()), backend, config.random("model"));
        Checkpoint.load(checkpoint, model, null);
        return new SavedModel(config, AttackKind.parse(entry(checkpoint, metadata.get("attack"))), tokenizer, model);
    }

    /** Weights of a published CLIP with open_clip's names, which are nothing but weights: their sizes come from a preset. */
    public static SavedModel published(Path weights, Config config, Backend backend) throws IOException {
        refuseFolder(weights);
        if (config.vocabulary() != Config.OPENAI_VOCABULARY) {
            throw new IllegalArgumentException("vocabulary is " + config.vocabulary()
                    + ", but a file of weights carries no learned one; set vocabulary=0 (CLIP's own), or leave out --preset"
                    + " for a checkpoint of demo or train");
        }
        Tokenizer tokenizer = Tokenizer.openAi();
        ClipModel model = ClipModel.random(config.modelShape(tokenizer.vocabulary()), backend, config.random("model"));
        Checkpoint.load(weights, model, null);
        return new SavedModel(config, List.of(), tokenizer, model);
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
