package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;

/** The last two checkpoints of a run: the file itself, and the one before it under a name of its own. */
public final class CheckpointFiles {
    private CheckpointFiles() {}

    /** The name of the checkpoint before the latest. */
    static Path previous(Path checkpoint) {
        String name = checkpoint.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return checkpoint.resolveSibling(
                dot < 0 ? name + ".previous" : name.substring(0, dot) + ".previous" + name.substring(dot));
    }

    /** Keeps the latest checkpoint as the previous one; it also stays until it is replaced. */
    static void keep(Path checkpoint) throws IOException {
        if (!Files.exists(checkpoint)) {
            return;
        }
        Path previous = previous(checkpoint);
        Path link = previous.resolveSibling(previous.getFileName() + ".tmp");
        Files.deleteIfExists(link);
        try {
            Files.createLink(link, checkpoint);
        } catch (UnsupportedOperationException | IOException e) { // a file system without links
            Files.copy(checkpoint, link);
        }
        Files.move(link, previous, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The latest checkpoint that is intact; null if there is none yet.
     *
     * @param warning receives a message if only an older one can be used
     * @throws CheckpointException if all are damaged
     */
    static @Nullable Path newest(Path checkpoint, Consumer<String> warning) throws IOException {
        Path previous = previous(checkpoint);
        if (!Files.exists(checkpoint)) {
            return Files.exists(previous) ? previous : null;
        }
        try {
            Checkpoint.verify(checkpoint);
            return checkpoint;
        } catch (CheckpointException e) {
            if (!Files.exists(previous)) {
                throw e;
            }
            Checkpoint.verify(previous);
            warning.accept("warning: " + e.getMessage() + "; continuing from the one before, " + previous);
            return previous;
        }
    }

    /** The bytes of metrics that belong to a checkpoint; 0 if there is no checkpoint yet. */
    public static long metricsBytes(Path checkpoint) throws IOException {
        Path newest = CheckpointFiles.newest(checkpoint, _ -> {});
        return newest == null ? 0 : count(newest, Checkpoint.metadata(newest), "metricsBytes", Long.MAX_VALUE);
    }

    /**
     * A number in the metadata of a checkpoint, from 0 to {@code most}; 0 if it is not there.
     *
     * @throws CheckpointException if it is no such number
     */
    static long count(Path file, Map<String, String> metadata, String key, long most) {
        String text = metadata.getOrDefault(key, "0");
        try {
            long count = Long.parseLong(text);
            if (count >= 0 && count <= most) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new CheckpointException(file + ": '" + key + "' is \"" + text + "\", expected a number", e);
        }
        throw new CheckpointException(
                file + ": '" + key + "' is " + text + ", expected 0 to " + most + "; the file is not of this run");
    }
}
