package org.safeclip.experiments.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;
import tools.jackson.core.JacksonException;

/**
 * The event log of a run, {@code metrics.jsonl}: one event per line, written to the operating system at once, so that the file
 * can be followed and an interrupted run loses at most part of its last line.
 *
 * <p>A checkpoint stores {@link #bytes()}; a resumed run truncates the file to that length and writes the later events again.
 */
public final class Metrics implements Closeable {
    private final Path file;
    private final @Nullable FileChannel channel;
    private long bytes;

    private Metrics(Path file, @Nullable FileChannel channel, long bytes) {
        this.file = file;
        this.channel = channel;
        this.bytes = bytes;
    }

    /**
     * Opens the file for appending, or creates it.
     *
     * @param keepBytes bytes to keep: 0 for a new run, {@link #bytes()} of the checkpoint to resume
     * @throws InvalidInputException if the file is shorter
     */
    public static Metrics open(Path file, long keepBytes) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (keepBytes < 0 || keepBytes > size) {
            throw new InvalidInputException(file + ": has " + size + " bytes, but the checkpoint expects " + keepBytes
                    + "; restore the file, or start a new run");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(keepBytes);
        channel.position(keepBytes);
        return new Metrics(file, channel, keepBytes);
    }

    /** A log that keeps nothing, for a process that leaves writing to another. */
    public static Metrics unwritten() {
        return new Metrics(Path.of(""), null, 0);
    }

    /** Appends an event. */
    public void add(Event event) {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        ByteBuffer line = StandardCharsets.UTF_8.encode(Json.ROUNDED.writeValueAsString(event) + "\n");
        bytes += line.remaining();
        try {
            while (line.hasRemaining()) {
                open.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot append an event", e);
        }
    }

    /** Length of the file in bytes after the last event. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.close();
        }
    }

    /**
     * Reads all events of a file; an incomplete last line is ignored.
     *
     * @throws InvalidInputException if another line is not an event
     */
    public static List<Event> read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        // a line without a line feed is incomplete
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        List<Event> events = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            try {
                events.add(Json.ROUNDED.readValue(lines.get(i), Event.class));
            } catch (JacksonException e) {
                throw new InvalidInputException(
                        file + ", line " + (i + 1) + ": not an event: " + e.getOriginalMessage(), e);
            }
        }
        return events;
    }
}
