package org.safeclip.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects named tensors and writes them atomically as one safetensors file; equal tensors in equal order give equal
 * bytes.
 */
public final class SafeTensorsWriter {
    /** Stands for a digest that is not known yet. */
    static final String NO_DIGEST = "0".repeat(64);

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
        write(target, null);
    }

    /**
     * Writes a file like {@link #write(Path)}, with a digest by which {@link SafeTensors#verify} tells whether it is intact.
     *
     * @param digestKey key of the metadata for the digest, null for none: the SHA-256, in hexadecimal, of the header with zeros in
     *     its place and of the data
     */
    void write(Path target, @Nullable String digestKey) throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".tmp");
        MessageDigest digest = sha256();
        byte[] header = header(digestKey, NO_DIGEST);
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(
                        channel, littleEndian(Long.BYTES).putLong(header.length).flip());
                digest.update(header);
                writeAll(channel, ByteBuffer.wrap(header));
                for (Supplier<ByteBuffer> content : contents) {
                    ByteBuffer bytes = content.get();
                    digest.update(bytes.duplicate());
                    writeAll(channel, bytes);
                }
                channel.position(Long.BYTES);
                writeAll(
                        channel,
                        ByteBuffer.wrap(header(digestKey, HexFormat.of().formatHex(digest.digest()))));
                channel.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private byte[] header(@Nullable String digestKey, String digest) {
        Map<String, String> all = new TreeMap<>(metadata);
        if (digestKey != null) {
            all.put(digestKey, digest);
        }
        return new SafeTensorsHeader(all, entries).toBytes();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
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
