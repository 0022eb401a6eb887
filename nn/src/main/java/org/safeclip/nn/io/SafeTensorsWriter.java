package org.safeclip.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Collects named tensors and writes them atomically as one safetensors file; equal tensors in equal order give equal
 * bytes.
 */
public final class SafeTensorsWriter {
    private final Map<String, String> metadata;
    private final Map<String, SafeTensorsHeader.Entry> entries = new LinkedHashMap<>();
    private final List<Supplier<ByteBuffer>> contents = new ArrayList<>();
    private long end;

    /** A writer for a file with this metadata, free text by key. */
    public SafeTensorsWriter(Map<String, String> metadata) {
        this.metadata = Map.copyOf(metadata);
    }

    /**
     * Adds 32-bit floats; {@code values} is called when the file is written, so only one tensor is in memory at a time.
     */
    public void floats(String name, int[] shape, Supplier<float[]> values) {
        add(name, DType.F32, shape, () -> {
            float[] from = values.get();
            ByteBuffer to = littleEndian(from.length * Float.BYTES);
            to.asFloatBuffer().put(from);
            return to;
        });
    }

    /** Adds 32-bit integers; {@code values} is called when the file is written. */
    public void ints(String name, int[] shape, Supplier<int[]> values) {
        add(name, DType.I32, shape, () -> {
            int[] from = values.get();
            ByteBuffer to = littleEndian(from.length * Integer.BYTES);
            to.asIntBuffer().put(from);
            return to;
        });
    }

    /** Writes and syncs a temporary file beside the target, then moves it over the target atomically. */
    public void write(Path target) throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".tmp");
        byte[] header = new SafeTensorsHeader(metadata, entries).toBytes();
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(
                        channel, littleEndian(Long.BYTES).putLong(header.length).flip());
                writeAll(channel, ByteBuffer.wrap(header));
                for (Supplier<ByteBuffer> content : contents) {
                    writeAll(channel, content.get());
                }
                channel.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void add(String name, DType dtype, int[] shape, Supplier<ByteBuffer> bytes) {
        List<Integer> dims = new ArrayList<>();
        int size = dtype.bytes();
        for (int dim : shape) {
            dims.add(dim);
            size = Math.multiplyExact(size, dim);
        }
        if (entries.put(name, new SafeTensorsHeader.Entry(dtype, dims, end, end + size)) != null) {
            throw new IllegalArgumentException("two tensors named '" + name + "'");
        }
        end += size;
        int expected = size;
        contents.add(() -> {
            ByteBuffer content = bytes.get();
            if (content.remaining() != expected) {
                throw new IllegalArgumentException("tensor '" + name + "' has " + content.remaining()
                        + " bytes, but its shape " + dims + " needs " + expected);
            }
            return content;
        });
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeAll(FileChannel channel, ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }
}
