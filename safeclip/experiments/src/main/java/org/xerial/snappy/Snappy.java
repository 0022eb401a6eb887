package org.xerial.snappy;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Decompresses Snappy's raw format: a length, then literals and copies of bytes before. */
public final class Snappy {
    private static final int LITERAL = 0;
    private static final int COPY_1 = 1; // offset of 11 bits
    private static final int COPY_2 = 2; // offset of 16 bits

    private Snappy() {}

    /**
     * Decompresses all remaining bytes.
     *
     * @param uncompressed receives them from its position; its limit becomes their end
     * @return their number
     * @throws IOException if the data are damaged or do not fit
     */
    public static int uncompress(ByteBuffer compressed, ByteBuffer uncompressed) throws IOException {
        ByteBuffer in = compressed.duplicate();
        int start = uncompressed.position();
        try {
            int length = length(in);
            if (length < 0 || length > uncompressed.remaining()) {
                throw new IOException("Snappy: " + length + " bytes, but room for " + uncompressed.remaining());
            }
            ByteBuffer out = uncompressed.duplicate().limit(start + length);
            while (in.hasRemaining()) {
                element(in, out, start);
            }
            if (out.hasRemaining()) {
                throw new IOException("Snappy: " + out.remaining() + " bytes are missing");
            }
            uncompressed.limit(start + length);
            return length;
        } catch (RuntimeException e) { // an index beyond one of the buffers
            throw new IOException("Snappy: damaged data", e);
        }
    }

    private static int length(ByteBuffer in) {
        int length = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = in.get();
            length |= (part & 0x7f) << shift;
            if (part >= 0) {
                return length;
            }
        }
        throw new IllegalArgumentException("length");
    }

    private static void element(ByteBuffer in, ByteBuffer out, int start) {
        int tag = in.get() & 0xff;
        switch (tag & 3) {
            case LITERAL -> {
                int code = tag >> 2;
                int length = code < 60 ? code + 1 : number(in, code - 59) + 1;
                out.put(out.position(), in, in.position(), length);
                out.position(out.position() + length);
                in.position(in.position() + length);
            }
            case COPY_1 -> copy(out, start, (tag >> 2 & 7) + 4, (tag & 0xe0) << 3 | number(in, 1));
            case COPY_2 -> copy(out, start, (tag >> 2) + 1, number(in, 2));
            default -> copy(out, start, (tag >> 2) + 1, number(in, 4));
        }
    }

    /** A little-endian number. */
    private static int number(ByteBuffer in, int bytes) {
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (in.get() & 0xff) << (8 * i);
        }
        return number;
    }

    /** Repeats bytes before the end; the copy may overlap itself. */
    private static void copy(ByteBuffer out, int start, int length, int offset) {
        if (offset <= 0 || offset > out.position() - start) {
            throw new IllegalArgumentException("offset");
        }
        for (int i = 0; i < length; i++) {
            out.put(out.get(out.position() - offset));
        }
    }
}
