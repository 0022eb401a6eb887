package org.safeclip.experiments.source;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * The members of a tar archive, one after the other: ustar, pax and GNU's long names. Only regular files are given; folders, links
 * and devices are passed over. Nothing is unpacked to disk, so names do no harm.
 */
final class TarReader implements Closeable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int MOST_TEXT = 1 << 20; // bytes of a long name or of pax records

    private final Path archive;
    private final InputStream in;
    private long position;
    private long next; // position of the next header

    /**
     * A member.
     *
     * @param name its name
     * @param offset first byte of its content in the unpacked archive
     * @param size bytes
     */
    record Member(String name, long offset, long size) {}

    /** Reads an archive, unpacked. */
    TarReader(Path archive, InputStream in) {
        this.archive = archive;
        this.in = in;
    }

    /**
     * The next regular file; null at the end.
     *
     * @throws EOFException if the archive is cut off
     * @throws InvalidInputException if there is no header where one must be
     */
    @Nullable
    Member next() throws IOException {
        String longName = null;
        long longSize = -1;
        while (true) {
            in.skipNBytes(next - position);
            position = next;
            byte[] header = in.readNBytes(BLOCK);
            position += header.length;
            if (header.length == 0 || isZero(header)) {
                return null;
            } else if (header.length < BLOCK) {
                throw new EOFException("cut off within a header");
            }
            check(header);
            long size = number(header, 124, 12);
            next = position + Math.ceilDiv(size, BLOCK) * BLOCK;
            switch (header[156]) {
                case 'L' -> longName = cString(text(size), 0, (int) size);
                case 'x' -> {
                    byte[] records = text(size);
                    String path = pax(records, "path");
                    longName = path == null ? longName : path;
                    String length = pax(records, "size");
                    longSize = length == null ? longSize : decimal(length);
                }
                case '0', 0, '7' -> {
                    long length = longSize >= 0 ? longSize : size;
                    next = position + Math.ceilDiv(length, BLOCK) * BLOCK;
                    return new Member(longName == null ? name(header) : longName, position, length);
                }
                default -> { // a folder, link or device, or global records
                    longName = null;
                    longSize = -1;
                }
            }
        }
    }

    /** The content of the member given last. */
    byte[] content(Member member) throws IOException {
        byte[] bytes = in.readNBytes((int) member.size());
        position += bytes.length;
        if (bytes.length < member.size()) {
            throw new EOFException("cut off within " + member.name());
        }
        return bytes;
    }

    private byte[] text(long size) throws IOException {
        if (size > MOST_TEXT) {
            throw damaged("a name of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        position += bytes.length;
        if (bytes.length < size) {
            throw new EOFException("cut off within a name");
        }
        return bytes;
    }

    private void check(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != number(header, 148, 8)) {
            throw damaged("a header whose checksum is wrong");
        }
    }

    private InvalidInputException damaged(String what) {
        return new InvalidInputException(
                archive + ": not a tar archive, or damaged: " + what + " at byte " + (position - BLOCK));
    }

    private long number(byte[] header, int from, int length) {
        if ((header[from] & 0x80) != 0) { // GNU: binary
            long value = header[from] & 0x3f;
            for (int i = from + 1; i < from + length; i++) {
                if (value >= 1L << 54) {
                    throw damaged("a size beyond all files");
                }
                value = (value << 8) | (header[i] & 0xff);
            }
            return value;
        }
        String digits = cString(header, from, length).strip();
        try {
            long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw damaged("a number that is none");
        }
        throw damaged("a negative number");
    }

    private long decimal(String digits) {
        try {
            long value = Long.parseLong(digits.strip());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw damaged("a size that is no number");
        }
        throw damaged("a negative size");
    }

    private static String name(byte[] header) {
        String name = cString(header, 0, NAME);
        boolean ustar = cString(header, 257, 5).equals("ustar") && header[262] == 0;
        String prefix = ustar ? cString(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String cString(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** The value of a pax record, "LENGTH KEY=VALUE\n" each; null if there is none. */
    private static @Nullable String pax(byte[] records, String key) {
        int at = 0;
        String value = null;
        while (at < records.length) {
            int space = at;
            while (space < records.length && records[space] != ' ') {
                space++;
            }
            int length;
            try {
                length = Integer.parseInt(new String(records, at, space - at, StandardCharsets.US_ASCII));
            } catch (NumberFormatException e) {
                return value;
            }
            if (length <= space + 1 - at || length > records.length - at) {
                return value;
            }
            String record = new String(Arrays.copyOfRange(records, space + 1, at + length), StandardCharsets.UTF_8);
            if (record.startsWith(key + "=") && record.endsWith("\n")) {
                value = record.substring(key.length() + 1, record.length() - 1); // without the line feed
            }
            at += length;
        }
        return value;
    }

    private static boolean isZero(byte[] header) {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
