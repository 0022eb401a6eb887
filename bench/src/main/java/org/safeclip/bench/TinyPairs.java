package org.safeclip.bench;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** Sets of 8 x 8 bitmaps of one noisy colour each, with captions that name it, as WebDataset shards or as a csv list with files. */
final class TinyPairs {
    private static final int SIDE = 8;
    private static final int SHARD = 10_000;
    private static final int FOLDER = 1_000;
    private static final int BLOCK = 512;
    private static final String[] COLOURS = {"black", "blue", "green", "cyan", "red", "magenta", "yellow", "white"};
    private static final String[] THINGS = {"square", "wall", "sky", "field", "cloth", "box", "flag", "sign"};

    private TinyPairs() {}

    /**
     * Writes a set into a new folder.
     *
     * @param format wds or csv
     */
    static void write(Path folder, String format, int pairs) throws IOException {
        Files.createDirectories(folder);
        if (format.equals("wds")) {
            for (int from = 0; from < pairs; from += SHARD) {
                Path shard = folder.resolve(String.format(Locale.ROOT, "%05d.tar", from / SHARD));
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(shard), 1 << 20)) {
                    for (int i = from; i < Math.min(from + SHARD, pairs); i++) {
                        String key = String.format(Locale.ROOT, "%09d", i);
                        member(out, key + ".bmp", bitmap(i));
                        member(out, key + ".txt", caption(i).getBytes(StandardCharsets.UTF_8));
                    }
                    out.write(new byte[2 * BLOCK]);
                }
            }
            return;
        }
        try (BufferedWriter list = Files.newBufferedWriter(folder.resolve("train.csv"))) {
            list.write("image,caption\n");
            for (int i = 0; i < pairs; i++) {
                Path images = folder.resolve(String.format(Locale.ROOT, "%05d", i / FOLDER));
                if (i % FOLDER == 0) {
                    Files.createDirectories(images);
                }
                Path image = images.resolve(i + ".bmp");
                Files.write(image, bitmap(i));
                list.write(folder.relativize(image) + "," + caption(i) + "\n");
            }
        }
    }

    private static String caption(int i) {
        return "a " + COLOURS[colour(i)] + " " + THINGS[(i >> 3) % THINGS.length] + " " + i % 100;
    }

    private static int colour(int i) {
        return i % COLOURS.length;
    }

    private static byte[] bitmap(int i) {
        SplittableRandom random = new SplittableRandom(i);
        ByteBuffer file = ByteBuffer.allocate(54 + SIDE * SIDE * 3).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(54);
        file.putInt(40).putInt(SIDE).putInt(SIDE).putShort((short) 1).putShort((short) 24);
        file.position(54);
        while (file.hasRemaining()) {
            int bit = colour(i) >> (file.position() - 54) % 3 & 1; // blue, green, red
            file.put((byte) (160 * bit + random.nextInt(96)));
        }
        return file.array();
    }

    private static void member(OutputStream out, String name, byte[] content) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        out.write(header);
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
