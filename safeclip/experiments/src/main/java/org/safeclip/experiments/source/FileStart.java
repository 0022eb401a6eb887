package org.safeclip.experiments.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The first bytes of a file, by which formats are told apart.
 *
 * @param file the file
 * @param bytes its first 64 KiB, unpacked if it is gzipped; none if it is not a regular file
 * @param gzipped whether it is gzipped
 */
public record FileStart(Path file, byte[] bytes, boolean gzipped) {
    private static final int LENGTH = 1 << 16;

    /** Reads the start of a file. Pipes and devices are not opened. */
    public static FileStart of(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new FileStart(file, new byte[0], false);
        }
        byte[] first;
        try (InputStream in = Files.newInputStream(file)) {
            first = in.readNBytes(LENGTH);
        }
        if (!isGzip(first)) {
            return new FileStart(file, first, false);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new FileStart(file, in.readNBytes(LENGTH), true);
        } catch (ZipException | EOFException e) { // reported when the file is read
            return new FileStart(file, new byte[0], true);
        }
    }

    private static boolean isGzip(byte[] first) {
        return first.length > 2 && (first[0] & 0xff) == 0x1f && (first[1] & 0xff) == 0x8b;
    }

    /** Whether there is this ASCII text at an offset. */
    public boolean has(int offset, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        return bytes.length >= offset + wanted.length
                && Arrays.equals(bytes, offset, offset + wanted.length, wanted, 0, wanted.length);
    }

    /** The bytes as UTF-8 text without a byte order mark; a letter at the end may be cut. */
    public String text() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The content of a file, unpacked if it is gzipped. */
    public static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            byte[] magic = new byte[3];
            int count = in.readNBytes(magic, 0, 3);
            in.close();
            in = Files.newInputStream(file);
            return count == 3 && isGzip(magic)
                    ? new BoundedStream(new GZIPInputStream(in, LENGTH), file, Files.size(file))
                    : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
