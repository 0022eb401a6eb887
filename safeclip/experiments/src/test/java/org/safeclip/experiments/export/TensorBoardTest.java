package org.safeclip.experiments.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records of a file of events, read as TensorBoard reads them. */
class TensorBoardTest {
    @TempDir
    private Path folder;

    @Test
    void recordsHaveLengthsAndChecksums() throws Exception {
        try (TensorBoardFile file = new TensorBoardFile(folder.resolve("clip"))) {
            file.add(300, Map.of("loss/cross-modal", 1.5));
            file.add(301, Map.of("split/cut", Double.NaN));
        }
        Path written;
        try (Stream<Path> files = Files.list(folder.resolve("clip"))) {
            written = files.findFirst().orElseThrow();
        }
        assertThat(written.getFileName().toString()).startsWith("events.out.tfevents.");
        List<byte[]> events = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(written)).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] event = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            bytes.get(event);
            assertThat(bytes.getInt()).isEqualTo(masked(event));
            events.add(event);
        }
        assertThat(events).hasSize(3);
        assertThat(new String(events.getFirst(), StandardCharsets.ISO_8859_1)).endsWith("\u001a\rbrain.Event:2");
        ByteBuffer second = ByteBuffer.wrap(events.get(1)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(second.get()).isEqualTo((byte) (1 << 3 | 1)); // wall_time
        assertThat(second.getDouble()).isGreaterThan(1.7e9);
        byte[] rest = new byte[second.remaining()];
        second.get(rest);
        byte[] name = "loss/cross-modal".getBytes(StandardCharsets.UTF_8);
        ByteBuffer expected = ByteBuffer.allocate(rest.length).order(ByteOrder.LITTLE_ENDIAN);
        expected.put((byte) (2 << 3)).put((byte) 0xac).put((byte) 2); // step 300
        expected.put((byte) (5 << 3 | 2)).put((byte) (2 + 2 + name.length + 5)); // summary
        expected.put((byte) (1 << 3 | 2)).put((byte) (2 + name.length + 5)); // value
        expected.put((byte) (1 << 3 | 2)).put((byte) name.length).put(name); // tag
        expected.put((byte) (2 << 3 | 5)).putFloat(1.5f); // simple_value
        assertThat(rest).isEqualTo(expected.array());
    }

    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        long sum = crc.getValue();
        return (int) (((sum >>> 15 | sum << 17) & 0xffffffffL) + 0xa282ead8L);
    }
}
