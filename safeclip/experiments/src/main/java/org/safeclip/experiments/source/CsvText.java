package org.safeclip.experiments.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.safeclip.settings.InvalidInputException;

/**
 * The text of a csv file: UTF-8, with or without a byte order mark, or UTF-16 with one; gzipped or not, whatever its name. The
 * whole file is checked before any of it is used: its encoding, and that every quote is closed.
 */
public final class CsvText {
    /** Longest field, in characters. */
    static final int LONGEST_FIELD = 1 << 20;

    private static final int BLOCK = 1 << 16;
    private static final int FIRST = 4; // bytes that tell the encoding
    private static final long UNPACKED = 64L << 20; // bytes that any gzipped file may unpack to
    private static final int RATIO = 200; // and how many times its size

    private final Path file;
    private final boolean gzipped;
    private final Charset charset;
    private final int mark; // bytes
    private final char separator;

    /**
     * Checks a csv file.
     *
     * @throws InvalidInputException if it is not a csv file, with the line
     * @throws NoSuchFileException if there is no such file
     */
    public CsvText(Path file) throws IOException {
        this.file = file;
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(file + ": is a folder; name the csv file in it");
        }
        if (!Files.isRegularFile(file)) { // opening a pipe waits for a writer
            throw new InvalidInputException(file + ": is a pipe or a device; write the csv to a file");
        }
        gzipped = starts(first(false), 0x1f, 0x8b);
        byte[] first = first(gzipped);
        if (starts(first, 0xff, 0xfe)) {
            charset = StandardCharsets.UTF_16LE;
            mark = 2;
        } else if (starts(first, 0xfe, 0xff)) {
            charset = StandardCharsets.UTF_16BE;
            mark = 2;
        } else {
            charset = StandardCharsets.UTF_8;
            mark = starts(first, 0xef, 0xbb, 0xbf) ? 3 : 0;
        }
        if (starts(first, 'P', 'K', 3, 4)) {
            throw new InvalidInputException(
                    file + ": is a zip archive or a spreadsheet; unpack it, or save it as csv in UTF-8");
        }
        separator = CsvSeparator.of(header());
        check();
    }

    /** The character between the fields. */
    public char separator() {
        return separator;
    }

    /** The text, without a byte order mark. */
    public Reader reader() throws IOException {
        return new InputStreamReader(bytes(), charset);
    }

    private String header() throws IOException {
        StringBuilder line = new StringBuilder();
        try (Reader text = reader()) {
            int c = text.read();
            while (c >= 0 && c != '\n' && c != '\r' && line.length() < LONGEST_FIELD) {
                line.append((char) c);
                c = text.read();
            }
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        return line.toString();
    }

    private void check() throws IOException {
        CharsetDecoder decoder = charset.newDecoder(); // reports what it cannot decode
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
        CharBuffer chars = CharBuffer.allocate(BLOCK);
        CsvQuotes quotes = new CsvQuotes(file, separator);
        long decoded = mark;
        long most = Math.max(UNPACKED, RATIO * Files.size(file));
        try (InputStream in = bytes()) {
            int count = 0;
            while (count >= 0) {
                count = in.read(bytes.array(), bytes.position(), bytes.remaining());
                bytes.position(bytes.position() + Math.max(0, count)).flip();
                CoderResult result = decoder.decode(bytes, chars, count < 0);
                decoded += bytes.position();
                chars.flip();
                quotes.read(chars);
                chars.clear();
                if (result.isError()) {
                    throw notText(quotes.line(), decoded, bytes);
                }
                if (gzipped && decoded > most) {
                    throw new InvalidInputException(file + ": unpacks to more than " + (most >> 20)
                            + " MiB, suspiciously much for its size; unpack it with gunzip and name the unpacked file");
                }
                bytes.compact();
            }
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        quotes.end();
    }

    private InvalidInputException notText(long line, long offset, ByteBuffer rest) {
        String where = file + ", line " + line + ": byte " + offset + (gzipped ? " of the unpacked text" : "");
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return new InvalidInputException(
                    where + " is not UTF-16, which the byte order mark promises;" + " write the file again, as UTF-8");
        }
        String name = String.valueOf(file.getFileName());
        return new InvalidInputException(where + String.format(" (0x%02X) is not UTF-8", rest.get(rest.position()))
                + "; if the file is Latin-1 or Windows-1252, convert it: iconv -f WINDOWS-1252 -t UTF-8 '" + name
                + "' > 'utf8-" + name + "'");
    }

    private InvalidInputException damaged(IOException e) {
        return new InvalidInputException(
                file + ": is damaged or cut off gzip data; copy or pack it again (" + e.getMessage() + ")", e);
    }

    /** The first bytes of the text, or of the file. */
    private byte[] first(boolean unpacked) throws IOException {
        try (InputStream in = unpacked ? new GZIPInputStream(Files.newInputStream(file)) : Files.newInputStream(file)) {
            return in.readNBytes(FIRST);
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
    }

    private InputStream bytes() throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            InputStream text = gzipped ? new GZIPInputStream(in, BLOCK) : in;
            text.skipNBytes(mark);
            return text;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean starts(byte[] bytes, int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
