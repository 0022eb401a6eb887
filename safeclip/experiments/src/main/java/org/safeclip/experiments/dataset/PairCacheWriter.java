package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.safeclip.data.ImageHash;

/** Writes the file of a {@link PairCache}: beside its place first, then moved there when it is complete. */
final class PairCacheWriter implements DecodedPairs.Sink<byte[]>, Closeable {
    private static final int BUFFER = 1 << 20;

    private final Path file;
    private final Path unfinished;
    private final OutputStream out;
    private final Texts names;
    private final Texts captions;
    private final MessageDigest digest = ImageHash.sha256();
    private final LongArrayList hashes = new LongArrayList();
    private final IntArrayList imageOf = new IntArrayList();
    private final IntArrayList rows = new IntArrayList();

    /** Begins a file. */
    PairCacheWriter(Path file) throws IOException {
        this.file = file;
        this.unfinished = beside(file, ".part");
        this.names = new Texts(beside(file, ".names"));
        this.captions = new Texts(beside(file, ".captions"));
        this.out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER);
        out.write(new byte[PairCache.HEADER]);
    }

    private static Path beside(Path file, String ending) throws IOException {
        return Files.createTempFile(file.getParent(), file.getFileName() + ".", ending);
    }

    @Override
    public void image(byte[] pixels, String name) throws IOException {
        out.write(pixels);
        hashes.add(ImageHash.of(pixels));
        names.add(name);
    }

    @Override
    public void pair(int row, int image, String caption) throws IOException {
        rows.add(row);
        imageOf.add(image);
        captions.add(caption);
    }

    /** Writes the tables and the header, and puts the file in its place. */
    void finish(byte[] key, int side, PairDecoder.Summary summary) throws IOException {
        byte[] badImages = summary.badImages().serialise().getBytes(StandardCharsets.UTF_8);
        byte[] badRows = summary.badRows().serialise().getBytes(StandardCharsets.UTF_8);
        longs(hashes);
        longs(names.ends);
        ints(imageOf);
        ints(rows);
        longs(captions.ends);
        texts(names);
        texts(captions);
        table(badImages, badImages.length);
        table(badRows, badRows.length);
        out.close();
        ByteBuffer header = ByteBuffer.allocate(PairCache.HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(0, PairCache.MAGIC).put(PairCache.KEY_AT, key).put(PairCache.DIGEST_AT, digest.digest());
        header.position(PairCache.NUMBERS_AT);
        header.putLong(side).putLong(hashes.size()).putLong(rows.size()).putLong(summary.count());
        header.putLong(names.bytes)
                .putLong(captions.bytes)
                .putLong(badImages.length)
                .putLong(badRows.length);
        header.rewind();
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            while (header.hasRemaining()) {
                channel.write(header, header.position());
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void longs(LongArrayList numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < numbers.size(); i++) {
            makeRoom(bytes, Long.BYTES);
            bytes.putLong(numbers.getLong(i));
        }
        table(bytes.array(), bytes.position());
    }

    private void ints(IntArrayList numbers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < numbers.size(); i++) {
            makeRoom(bytes, Integer.BYTES);
            bytes.putInt(numbers.getInt(i));
        }
        table(bytes.array(), bytes.position());
    }

    private void makeRoom(ByteBuffer bytes, int count) throws IOException {
        if (bytes.remaining() < count) {
            table(bytes.array(), bytes.arrayOffset() + bytes.position());
            bytes.clear();
        }
    }

    private void texts(Texts texts) throws IOException {
        texts.out.close();
        try (InputStream in = Files.newInputStream(texts.file)) {
            byte[] block = new byte[BUFFER];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                table(block, count);
            }
        }
    }

    private void table(byte[] bytes, int count) throws IOException {
        out.write(bytes, 0, count);
        digest.update(bytes, 0, count);
    }

    /** Removes what is unfinished. */
    @Override
    public void close() throws IOException {
        try (out;
                names;
                captions) {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Texts behind one another in a file of their own until their number is known. */
    private static final class Texts implements Closeable {
        private final Path file;
        private final OutputStream out;
        private final LongArrayList ends = new LongArrayList();
        private long bytes;

        Texts(Path file) throws IOException {
            this.file = file;
            this.out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        }

        void add(String text) throws IOException {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            out.write(encoded);
            bytes += encoded.length;
            ends.add(bytes);
        }

        @Override
        public void close() throws IOException {
            try (out) {
                Files.deleteIfExists(file);
            }
        }
    }
}
