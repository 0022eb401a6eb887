package org.safeclip.experiments.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events for TensorBoard: records of length, its checksum, an event as a protocol buffer, and its checksum. Every event is
 * written to the operating system at once.
 */
final class TensorBoardFile implements Closeable {
    private final Path file;
    private final FileChannel channel;

    /** Creates a file in a folder, beside those of earlier parts of a run. */
    TensorBoardFile(Path folder) throws IOException {
        Files.createDirectories(folder);
        long milliseconds = System.currentTimeMillis();
        file = folder.resolve("events.out.tfevents." + milliseconds / 1000 + ".safeclip." + milliseconds % 1000 + "."
                + ProcessHandle.current().pid());
        channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        write(new Protobuf().float64(1, milliseconds / 1e3).text(3, "brain.Event:2"));
    }

    /** Adds numbers by their names at a step; those that are not finite are left out. */
    void add(long step, Map<String, Double> numbers) {
        Protobuf summary = new Protobuf();
        numbers.forEach((name, number) -> {
            if (Double.isFinite(number)) {
                summary.message(1, new Protobuf().text(1, name).float32(2, number.floatValue()));
            }
        });
        try {
            write(new Protobuf()
                    .float64(1, System.currentTimeMillis() / 1e3)
                    .integer(2, step)
                    .message(5, summary));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot append an event", e);
        }
    }

    private void write(Protobuf event) throws IOException {
        byte[] data = event.toBytes();
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        ByteBuffer record = ByteBuffer.allocate(length.length + data.length + 2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.put(length)
                .putInt(checksum(length))
                .put(data)
                .putInt(checksum(data))
                .flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    /** CRC-32C, turned and moved so that a checksum of data with checksums is no trap. */
    static int checksum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
