package org.safeclip.experiments.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.safeclip.settings.InvalidInputException;

/** The unpacked bytes of a file, refused when they are suspiciously many for its size. */
final class BoundedStream extends FilterInputStream {
    private static final long ALWAYS = 64L << 20; // bytes that any file may unpack to
    private static final int RATIO = 200; // and how many times its size

    private final Path file;
    private final long most;
    private long read;

    BoundedStream(InputStream in, Path file, long packed) {
        super(in);
        this.file = file;
        this.most = Math.max(ALWAYS, RATIO * packed);
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int got = super.read(bytes, from, length);
        count(Math.max(0, got));
        return got;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        count(skipped);
        return skipped;
    }

    private void count(long bytes) {
        read += bytes;
        if (read > most) {
            throw new InvalidInputException(file + ": unpacks to more than " + (most >> 20)
                    + " MiB, suspiciously much for its size; unpack it and name the unpacked file");
        }
    }
}
