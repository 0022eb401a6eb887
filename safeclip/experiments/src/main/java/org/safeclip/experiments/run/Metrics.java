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
import org.safeclip.settings.InvalidInputException;
import tools.jackson.core.JacksonException;

/**
 * The story of a run, {@code metrics.jsonl}: one event a line, appended and handed to the system at once, so that
 * whoever watches the file sees it grow and an interrupted run loses at most a piece of its last line.
 *
 * <p>A checkpoint remembers {@link #bytes()}; to resume, the file is cut back to that length, and what was written
 * after the checkpoint is told again.
 */
public final class Metrics implements Closeable {
    private final Path file;
    private final FileChannel channel;
    private long bytes;

    private Metrics(Path file, FileChannel channel, long bytes) {
        this.file = file;
        this.channel = channel;
        this.bytes = bytes;
    }

    /**
     * Opens the file for appending, or creates it.
     *
     * @param keepBytes bytes to keep of what is there: 0 for a new run, {@link #bytes()} of the checkpoint to resume
     */
    public static Metrics open(Path file, long keepBytes) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (keepBytes < 0 || keepBytes > size) {
            throw new InvalidInputException(file + ": holds " + size + " bytes, but the checkpoint remembers "
                    + keepBytes + "; restore the file, or start the run anew");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(keepBytes);
        channel.position(keepBytes);
        return new Metrics(file, channel, keepBytes);
    }

    /** Appends an event. */
    public void add(Event event) {
        ByteBuffer line = StandardCharsets.UTF_8.encode(Json.ROUNDED.writeValueAsString(event) + "\n");
        bytes += line.remaining();
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot append an event", e);
        }
    }

    /** Length of the file after the last event. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Reads all events of a file; a last line that was cut off is left out. */
    public static List<Event> read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        // only what a line feed ends was written to its end
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
