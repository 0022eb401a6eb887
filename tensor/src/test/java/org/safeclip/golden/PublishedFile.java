package org.safeclip.golden;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes safetensors files in the published format: mixed float types and none of this program's metadata. */
public final class PublishedFile {
    /** A tensor by type and shape. */
    public record Entry(String dtype, List<Integer> shape) {
        long bytes() {
            return shape.stream().mapToLong(Integer::longValue).reduce(size(), (a, b) -> a * b);
        }

        private long size() {
            return switch (dtype) {
                case "F16", "BF16" -> 2;
                case "I64" -> 8;
                default -> 4;
            };
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    /** Adds a tensor of zeros that uses no disk space. */
    public PublishedFile add(String name, String dtype, List<Integer> shape) {
        entries.put(name, new Entry(dtype, List.copyOf(shape)));
        return this;
    }

    /** Adds a tensor with its numbers, F32 or F16. */
    public PublishedFile add(String name, String dtype, List<Integer> shape, float... numbers) {
        values.put(name, numbers.clone());
        return add(name, dtype, shape);
    }

    /** Removes a tensor. */
    public PublishedFile remove(String name) {
        entries.remove(name);
        values.remove(name);
        return this;
    }

    /** Replaces one entry of the header. */
    public PublishedFile change(String name, Function<Entry, Entry> to) {
        values.remove(name);
        entries.computeIfPresent(name, (key, entry) -> to.apply(entry));
        return this;
    }

    /** Writes the file; tensors without numbers are holes in a sparse file. */
    public Path write(Path file) throws IOException {
        List<String> header = new ArrayList<>();
        long at = 0;
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            Entry tensor = entry.getValue();
            header.add("\"" + entry.getKey() + "\":{\"dtype\":\"" + tensor.dtype() + "\",\"shape\":" + tensor.shape()
                    + ",\"data_offsets\":[" + at + "," + (at + tensor.bytes()) + "]}");
            at += tensor.bytes();
        }
        byte[] text = ("{\"__metadata__\":{\"format\":\"pt\"}," + String.join(",", header) + "}")
                .getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            write(channel, 0, littleEndian(8).putLong(text.length).flip());
            write(channel, 8, ByteBuffer.wrap(text));
            long data = 8 + text.length;
            write(channel, data + at - 1, ByteBuffer.wrap(new byte[1])); // sets the length of the file
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                float[] numbers = values.get(entry.getKey());
                if (numbers != null) {
                    write(channel, data, bytes(entry.getValue(), numbers));
                }
                data += entry.getValue().bytes();
            }
        }
        return file;
    }

    private static ByteBuffer bytes(Entry entry, float... numbers) {
        ByteBuffer bytes = littleEndian(Math.toIntExact(entry.bytes()));
        for (float number : numbers) {
            if (entry.dtype().equals("F16")) {
                bytes.putShort(Float.floatToFloat16(number));
            } else {
                bytes.putFloat(number);
            }
        }
        return bytes.flip();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void write(FileChannel channel, long at, ByteBuffer bytes) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }

    /** A shape as a list. */
    public static List<Integer> shape(int... dims) {
        return Arrays.stream(dims).boxed().toList();
    }
}
