package org.safeclip.experiments.attack;

import java.io.IOException;
import java.nio.file.Path;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.backend.Backend;

/** Loads the attacker's surrogate model, which is trained on clean pairs. */
@FunctionalInterface
public interface SurrogateLoader {
    /** Loads the model of a checkpoint; the caller closes it. */
    Surrogate load(Path checkpoint) throws IOException;

    /**
     * The attacker's surrogate model.
     *
     * @param context T, most tokens of a caption
     * @param backend backend of the model, closed with it
     */
    record Surrogate(ClipModel model, Tokenizer tokenizer, int context, Backend backend) implements AutoCloseable {
        @Override
        public void close() {
            backend.close();
        }
    }
}
