package org.safeclip.nn.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, memory-mapped for reading: a header of names, types and shapes, then the data.
 *
 * <p>The file is a 64-bit little-endian header length, the header as JSON, then little-endian row-major data without
 * gaps. The header is checked before any data is read; a malformed file throws a {@link CheckpointException}. {@link
 * SafeTensorsWriter} writes one.
 */
public final class SafeTensors implements AutoCloseable {
    /** Longest accepted header in bytes. */
    public static final long MAX_HEADER = 100_000_000;

    private static final int BLOCK = 1 << 20;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final SafeTensorsHeader header;
    private final byte[] headerBytes;
    private final MemorySegment data;

    private SafeTensors(Path path, Arena arena, SafeTensorsHeader header, byte[] headerBytes, MemorySegment data) {
        this.path = path;
        this.arena = arena;
        this.header = header;
        this.headerBytes = headerBytes;
        this.data = data;
    }

    /**
     * Opens and checks a file.
     *
     * @throws CheckpointException if it does not exist or is not a complete, well-formed safetensors file
     * @throws IOException if it cannot be read
     */
    @SuppressWarnings("MustBeClosedChecker") // the opened file owns the arena and closes it
    public static SafeTensors open(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) { // opening a pipe waits for a writer
            throw new CheckpointException(path + ": is a folder, a pipe or a device, expected a safetensors file");
        }
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new CheckpointException("only " + size + " bytes, too short for a safetensors file");
            }
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            long length = file.get(LONG, 0);
            if (length < 2 || length > MAX_HEADER) {
                throw new CheckpointException("not a safetensors file: its first eight bytes give a header of "
                        + Long.toUnsignedString(length) + " bytes, expected 2 to " + MAX_HEADER);
            }
            if (length > size - Long.BYTES) {
                throw new CheckpointException("cut off inside the header: " + length + " bytes announced, "
                        + (size - Long.BYTES) + " present");
            }
            MemorySegment data = file.asSlice(Long.BYTES + length);
            byte[] bytes = file.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            SafeTensors tensors =
                    new SafeTensors(path, arena, SafeTensorsHeader.parse(bytes, data.byteSize()), bytes, data);
            opened = true;
            return tensors;
        } catch (NoSuchFileException e) {
            throw new CheckpointException(path + ": there is no such file", e);
        } catch (CheckpointException e) {
            throw new CheckpointException(path + ": " + e.getMessage(), e);
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /**
     * Checks the digest that {@link SafeTensorsWriter} wrote, if there is one.
     *
     * @param digestKey its key in the metadata
     * @throws CheckpointException if the content is not what was written
     */
    void verify(String digestKey) {
        String written = header.metadata().get(digestKey);
        if (written == null) {
            return;
        }
        MessageDigest digest = SafeTensorsWriter.sha256();
        String text = new String(headerBytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(written);
        digest.update(headerBytes, 0, Math.max(0, at));
        digest.update(SafeTensorsWriter.NO_DIGEST.getBytes(StandardCharsets.ISO_8859_1));
        int rest = Math.max(0, at) + written.length();
        digest.update(headerBytes, rest, Math.max(0, headerBytes.length - rest));
        for (long from = 0; from < data.byteSize(); from += BLOCK) {
            digest.update(
                    data.asSlice(from, Math.min(BLOCK, data.byteSize() - from)).asByteBuffer());
        }
        if (at < 0 || !HexFormat.of().formatHex(digest.digest()).equals(written)) {
            throw new CheckpointException(path + ": the file is damaged: its content has another SHA-256 than '"
                    + digestKey + "' says; use an earlier checkpoint");
        }
    }

    /** Free text by key; empty if there is none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Names of the tensors in the order of the header. */
    public List<String> names() {
        return List.copyOf(header.entries().keySet());
    }

    /** Whether the file has a tensor of this name. */
    public boolean has(String name) {
        return header.entries().containsKey(name);
    }

    /** Shape of a tensor; throws a {@link CheckpointException} if there is none of this name. */
    public List<Integer> shape(String name) {
        return entry(name).shape();
    }

    /** Element type of a tensor; throws a {@link CheckpointException} if there is none of this name. */
    public DType dtype(String name) {
        return entry(name).dtype();
    }

    /** Elements of a tensor of any float type as 32-bit floats; throws a {@link CheckpointException} for integers. */
    public float[] floats(String name) {
        SafeTensorsHeader.Entry entry = entry(name);
        MemorySegment from = bytes(entry);
        float[] to = new float[entry.count()];
        switch (entry.dtype()) {
            case F32 -> MemorySegment.copy(from, FLOAT, 0, to, 0, to.length);
            case F64 -> {
                for (int i = 0; i < to.length; i++) {
                    to[i] = (float) from.getAtIndex(DOUBLE, i);
                }
            }
            case F16 -> {
                for (int i = 0; i < to.length; i++) {
                    to[i] = Float.float16ToFloat(from.getAtIndex(SHORT, i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < to.length; i++) {
                    to[i] = Float.intBitsToFloat(from.getAtIndex(SHORT, i) << 16);
                }
            }
            case I64, I32, I16, I8, U8, BOOL ->
                throw wrongType(name, entry.dtype(), "a float type (F64, F32, F16 or BF16)");
        }
        return to;
    }

    /** Elements of an I32 tensor; throws a {@link CheckpointException} for other types. */
    public int[] ints(String name) {
        SafeTensorsHeader.Entry entry = entry(name);
        if (entry.dtype() != DType.I32) {
            throw wrongType(name, entry.dtype(), "I32");
        }
        return bytes(entry).toArray(INT);
    }

    /** Unmaps the file; nothing can be read afterwards. */
    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment bytes(SafeTensorsHeader.Entry entry) {
        return data.asSlice(entry.begin(), entry.end() - entry.begin());
    }

    private SafeTensorsHeader.Entry entry(String name) {
        SafeTensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new CheckpointException(path + ": no tensor named '" + name + "'");
        }
        return entry;
    }

    private CheckpointException wrongType(String name, DType dtype, String expected) {
        return new CheckpointException(path + ": tensor '" + name + "' is " + dtype + ", expected " + expected);
    }
}
