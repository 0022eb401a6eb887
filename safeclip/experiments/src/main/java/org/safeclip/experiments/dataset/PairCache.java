package org.safeclip.experiments.dataset;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;
import org.safeclip.data.ImageHash;
import org.safeclip.data.ImageStore;
import org.safeclip.settings.InvalidInputException;

/**
 * Decoded pairs in a file that is mapped into memory, so that neither images nor captions are on the heap. The file is written once
 * by {@link PairCacheWriter} and checked whenever it is used: its tables when it is opened, every image when it is read.
 *
 * <pre>
 * header, 4,096 bytes:  magic, SHA-256 key of the source, SHA-256 of the tables, 8 numbers of 8 bytes
 * images                K x S x S x 3 bytes
 * tables                hashes 8 K, ends of names 8 K, image of each pair 4 N, its row 4 N, ends of captions 8 N,
 *                       names, captions, problems
 * </pre>
 *
 * All numbers are little-endian.
 */
final class PairCache implements ImageStore {
    static final int HEADER = 4096;
    static final byte[] MAGIC = "SafeCLIP pairs 1".getBytes(StandardCharsets.US_ASCII);
    static final int KEY_AT = 16;
    static final int DIGEST_AT = 48;
    static final int NUMBERS_AT = 80;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int BLOCK = 1 << 20;

    private final Path file;
    private final MemorySegment all;
    private final Layout layout;

    /**
     * The numbers of the header.
     *
     * @param side S
     * @param images K
     * @param pairs N
     * @param count rows of the source
     * @param names bytes of all names
     * @param captions bytes of all captions
     * @param badImages bytes of the text about images that cannot be used
     * @param badRows bytes of the text about rows that are no pairs
     */
    record Layout(
            long side, long images, long pairs, long count, long names, long captions, long badImages, long badRows) {
        private static Layout of(MemorySegment all) {
            long[] numbers = new long[8];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = all.get(LONG, NUMBERS_AT + 8L * i);
            }
            return new Layout(
                    numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]);
        }

        private long image() {
            return side * side * 3;
        }

        private long hashesAt() {
            return HEADER + images * image();
        }

        private long nameEndsAt() {
            return hashesAt() + 8 * images;
        }

        private long imageOfAt() {
            return nameEndsAt() + 8 * images;
        }

        private long rowsAt() {
            return imageOfAt() + 4 * pairs;
        }

        private long captionEndsAt() {
            return rowsAt() + 4 * pairs;
        }

        private long namesAt() {
            return captionEndsAt() + 8 * pairs;
        }

        private long captionsAt() {
            return namesAt() + names;
        }

        private long badImagesAt() {
            return captionsAt() + captions;
        }

        private long size() {
            return badImagesAt() + badImages + badRows;
        }

        private boolean possible() {
            boolean small = side > 0 && side <= 1 << 14 && images <= Integer.MAX_VALUE && pairs <= Integer.MAX_VALUE;
            return small
                    && images >= 0
                    && pairs >= 0
                    && count >= 0
                    && names >= 0
                    && captions >= 0
                    && badImages >= 0
                    && badRows >= 0;
        }
    }

    private PairCache(Path file, MemorySegment all, Layout layout) {
        this.file = file;
        this.all = all;
        this.layout = layout;
    }

    /**
     * Maps a file and checks its tables.
     *
     * @param key the key of the source
     * @throws InvalidInputException if the file is damaged or was written for another source
     */
    static PairCache open(Path file, byte[] key) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < HEADER) {
                throw damaged(file, "too short");
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
            Layout layout = Layout.of(all);
            boolean ours = Arrays.equals(bytes(all, 0, MAGIC.length), MAGIC)
                    && Arrays.equals(bytes(all, KEY_AT, key.length), key);
            if (!ours || !layout.possible() || layout.size() != size) {
                throw damaged(file, "not the file that was written here");
            }
            MessageDigest digest = ImageHash.sha256();
            for (long at = layout.hashesAt(); at < size; at += BLOCK) {
                digest.update(all.asSlice(at, Math.min(BLOCK, size - at)).asByteBuffer());
            }
            if (!Arrays.equals(digest.digest(), bytes(all, DIGEST_AT, 32))) {
                throw damaged(file, "its tables have another SHA-256 than when they were written");
            }
            return new PairCache(file, all, layout);
        }
    }

    private static InvalidInputException damaged(Path file, String how) {
        return new InvalidInputException(
                file + ": a damaged cache of images (" + how + "); delete it, it is built again");
    }

    private static byte[] bytes(MemorySegment all, long from, int length) {
        return all.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The pairs. */
    DecodedPairs pairs() {
        int n = (int) layout.pairs();
        return new DecodedPairs(
                this,
                new Texts(layout.nameEndsAt(), layout.namesAt(), size()),
                all.asSlice(layout.imageOfAt(), 4L * n).toArray(INT),
                all.asSlice(layout.rowsAt(), 4L * n).toArray(INT),
                new Texts(layout.captionEndsAt(), layout.captionsAt(), n),
                (int) layout.count(),
                LeftOut.parse(text(layout.badImagesAt(), layout.badImages())),
                LeftOut.parse(text(layout.badImagesAt() + layout.badImages(), layout.badRows())));
    }

    private String text(long from, long length) {
        return new String(bytes(all, from, (int) length), StandardCharsets.UTF_8);
    }

    /** The file. */
    Path file() {
        return file;
    }

    /** Size of the file in bytes. */
    long bytes() {
        return layout.size();
    }

    @Override
    public int size() {
        return (int) layout.images();
    }

    @Override
    public int side() {
        return (int) layout.side();
    }

    @Override
    public byte[] read(int image) {
        byte[] pixels = bytes(all, HEADER + image * layout.image(), (int) layout.image());
        if (ImageHash.of(pixels) != hash(image)) {
            throw damaged(file, "image " + image + " has another SHA-256 than when it was written");
        }
        return pixels;
    }

    @Override
    public long hash(int image) {
        return all.get(LONG, layout.hashesAt() + 8L * image);
    }

    /** Texts behind one another, decoded when asked for. */
    private final class Texts extends AbstractList<String> implements RandomAccess {
        private final long endsAt;
        private final long textsAt;
        private final int count;

        Texts(long endsAt, long textsAt, int count) {
            this.endsAt = endsAt;
            this.textsAt = textsAt;
            this.count = count;
        }

        @Override
        public String get(int index) {
            Objects.checkIndex(index, count);
            long from = index == 0 ? 0 : all.get(LONG, endsAt + 8L * (index - 1));
            long to = all.get(LONG, endsAt + 8L * index);
            return text(textsAt + from, to - from);
        }

        @Override
        public int size() {
            return count;
        }
    }
}
