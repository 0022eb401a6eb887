package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.data.EmojiSet;
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
    /** Reads a checkpoint that this program wrote. */
    public static SavedModel load(Path checkpoint, Backend backend) throws IOException {
        if (Files.isDirectory(checkpoint)) {
            throw new CheckpointException(checkpoint + ": is a folder; name the .safetensors file in it");
        }
        Map<String, String> metadata = Checkpoint.metadata(checkpoint);
        Config config = ConfigFile.parse(checkpoint.toString(), entry(checkpoint, metadata.get("config")), List.of());
        Tokenizer tokenizer = Tokenizer.parse(entry(checkpoint, metadata.get("tokenizer")));
        ClipModel model = ClipModel.random(
                config.modelShape(EmojiSet.SIDE, tokenizer.vocabulary()), backend, config.random("model"));
        Checkpoint.load(checkpoint, model, null);
        return new SavedModel(config, AttackKind.parse(entry(checkpoint, metadata.get("attack"))), tokenizer, model);
    }

    private static String entry(Path checkpoint, @Nullable String value) {
        if (value == null) {
            throw new CheckpointException(
                    checkpoint + ": was not written by this program; expected a checkpoint of demo or train");
        }
        return value;
    }
}
