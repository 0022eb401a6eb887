package org.safeclip.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @TempDir
    Path folder;

    private Path write(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        return Files.write(folder.resolve("given.safetensors"), file.array());
    }

    private void refuses(String header, int dataBytes, String reason) throws IOException {
        Path path = write(header, dataBytes);
        assertThatThrownBy(() -> SafeTensors.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(path + ": ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    private Path sample() throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter(Map.of("b", "line\n\"two\" \\ é", "a", "1"));
        writer.floats("w", new int[] {2, 3}, () -> new float[] {1, -2, 3.5f, Float.MIN_VALUE, 0, -0f});
        writer.ints("ids", new int[] {2}, () -> new int[] {7, -9});
        writer.floats("scalar", new int[0], () -> new float[] {2.5f});
        writer.floats("empty", new int[] {0, 4}, () -> new float[0]);
        Path path = folder.resolve("sample.safetensors");
        writer.write(path);
        return path;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        try (SafeTensors file = SafeTensors.open(sample())) {
            assertThat(file.names()).containsExactly("w", "ids", "scalar", "empty");
            assertThat(file.metadata()).containsExactly(Map.entry("a", "1"), Map.entry("b", "line\n\"two\" \\ é"));
            assertThat(file.shape("w")).containsExactly(2, 3);
            assertThat(file.floats("w")).isEqualTo(new float[] {1, -2, 3.5f, Float.MIN_VALUE, 0, -0f});
            assertThat(file.ints("ids")).containsExactly(7, -9);
            assertThat(file.floats("scalar")).containsExactly(2.5f);
            assertThat(file.floats("empty")).isEmpty();
            assertThatThrownBy(() -> file.floats("ids")).hasMessageContaining("'ids' is I32, expected a float type");
            assertThatThrownBy(() -> file.ints("w")).hasMessageContaining("expected I32");
            assertThatThrownBy(() -> file.floats("v")).hasMessageContaining("no tensor named 'v'");
        }
    }

    @Test
    void theSameContentGivesTheSameBytesAndNothingElseRemains() throws IOException {
        byte[] first = Files.readAllBytes(sample());
        byte[] second = Files.readAllBytes(sample());
        assertThat(second).isEqualTo(first);
        assertThat(ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactly("sample.safetensors");
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path path = sample();
        byte[] before = Files.readAllBytes(path);
        SafeTensorsWriter writer = new SafeTensorsWriter(Map.of());
        writer.floats("w", new int[] {3}, () -> new float[2]);
        assertThatThrownBy(() -> writer.write(path)).hasMessageContaining("its shape [3] needs 12");
        assertThat(Files.readAllBytes(path)).isEqualTo(before);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void everyFloatTypeIsWidened() throws IOException {
        String header = "{\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[8,10]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[10,12]}}";
        Path path = write(header, 12);
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(bytes.length - 12)
                .putDouble(1.5)
                .putShort(Float.floatToFloat16(-0.75f))
                .putShort((short) (Float.floatToIntBits(3) >>> 16));
        Files.write(path, bytes);
        try (SafeTensors file = SafeTensors.open(path)) {
            assertThat(file.floats("d")).containsExactly(1.5f);
            assertThat(file.floats("h")).containsExactly(-0.75f);
            assertThat(file.floats("b")).containsExactly(3);
        }
    }

    @Test
    void headersThatLieAreRefused() throws IOException {
        String f32 = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":";
        refuses("{\"a\":" + f32 + "[0,8]},\"b\":" + f32 + "[4,12]}}", 12, "tensors overlap");
        refuses("{\"a\":" + f32 + "[0,8]},\"b\":" + f32 + "[12,20]}}", 20, "there is a hole");
        refuses("{\"a\":" + f32 + "[0,8]}}", 12, "4 bytes behind the last tensor");
        refuses("{\"a\":" + f32 + "[0,8]}}", 4, "cut off");
        refuses("{\"a\":" + f32 + "[0,12]}}", 12, "F32 [2] needs 8");
        refuses("{\"a\":" + f32 + "[8,0]}}", 8, "expected [begin, end]");
        refuses("{\"a\":" + f32 + "[-1,7]}}", 8, "not a whole number");
        refuses("{\"a\":" + f32 + "[0,8.5]}}", 8, "not a whole number");
        refuses("{\"a\":" + f32 + "[0,8]},\"a\":" + f32 + "[0,8]}}", 8, "'a' is there twice");
        refuses("{\"a\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "unknown type Q4");
        refuses("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "expected dtype, shape, data_offsets");
        refuses("{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536],\"data_offsets\":[0,8]}}", 8, "too large");
        refuses("{\"__metadata__\":{\"a\":1}}", 0, "not a string");
        refuses("[1]  ", 0, "does not start with '{'");
        refuses("{\"a\":", 0, "not valid JSON");
        refuses("{\"a\":" + "[".repeat(1000), 0, "levels");
        refuses("{} x", 0, "expected nothing more");
        refuses("{\"a\":null}", 0, "expected a JSON object");
    }

    @Test
    void filesOfOtherKindsAreRefused() throws IOException {
        Path path = folder.resolve("other.pt");
        Files.write(path, new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8, 0, 0});
        assertThatThrownBy(() -> SafeTensors.open(path)).hasMessageContaining("not a safetensors file");
        Files.write(path, new byte[] {1, 2});
        assertThatThrownBy(() -> SafeTensors.open(path)).hasMessageContaining("only 2 bytes");
        ByteBuffer huge = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(SafeTensors.MAX_HEADER + 1);
        Files.write(path, huge.array());
        assertThatThrownBy(() -> SafeTensors.open(path)).hasMessageContaining("100000001 bytes");
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> SafeTensors.open(absent))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void whatIsNoFileIsNotOpened() {
        assertThatThrownBy(() -> SafeTensors.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(folder + ": is a folder, a pipe or a device, expected a safetensors file");
    }

    @Test
    void truncatedAndDamagedFilesFailCleanly() throws IOException {
        byte[] whole = Files.readAllBytes(sample());
        Path path = folder.resolve("damaged");
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafeTensors.open(path)).isInstanceOf(CheckpointException.class);
        }
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 300; i++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, flipped);
            try (SafeTensors file = SafeTensors.open(path)) {
                assertThat(file.names()).isNotEmpty(); // the flip fell into data, text or padding that may be anything
            } catch (CheckpointException e) {
                assertThat(e).hasMessageStartingWith(path.toString());
            }
        }
    }

    @Test
    void jsonIsStrict() {
        assertThat(Json.read(" {\"a\" : [1, -2.5e3, true, false, \"\\u0041\\n\"] } "))
                .hasToString("{a=[1, -2.5E+3, true, false, A\n]}");
        assertThat(Json.quote("a\"\\\u0001😀")).isEqualTo("\"a\\\"\\\\\\u0001\\ud83d\\ude00\"");
        for (String wrong : List.of(
                "", "01", "1.", "1e", "1e99999", "+1", "[1,]", "{a:1}", "\"a", "\"\t\"", "\"\\x\"", "tru", "-")) {
            assertThatThrownBy(() -> Json.read(wrong)).as(wrong).isInstanceOf(CheckpointException.class);
        }
        assertThatThrownBy(() -> Json.read("1".repeat(100))).hasMessageContaining("64 characters");
        assertThatThrownBy(() -> Json.read("{\"" + "n".repeat(1001) + "\":1}")).hasMessageContaining("1000 characters");
        assertThatThrownBy(() -> Json.read("[" + "[],".repeat(500_000) + "1]")).hasMessageContaining("500000 values");
    }
}
