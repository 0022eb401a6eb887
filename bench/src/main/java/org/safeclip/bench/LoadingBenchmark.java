package org.safeclip.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.safeclip.data.ImageAugmentation;
import org.safeclip.experiments.image.ImageFile;

/**
 * Times how JPEG files of 224 x 224 pixels become a batch, in alternation with another process that does the same:
 * {@code LoadingBenchmark FOLDER ROUNDS NAME COMMAND...}. Each image is decoded, mirrored or not, cropped at random, resized to 224 x
 * 224 (bicubic), and normalised into the batch. Both sides are measured in CPU time of one thread.
 */
public final class LoadingBenchmark {
    private static final int IMAGES = 64;
    private static final int SIDE = 224;
    private static final int WARM_UP = 6;

    private LoadingBenchmark() {}

    /** Prints images a second of one core, ours and theirs, and the ratio; the files are made if they are missing. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        List<String> command = new ArrayList<>(List.of(arguments).subList(3, arguments.length));
        command.add(folder.toString());
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            Path file = folder.resolve(i + ".jpg");
            if (!Files.exists(file)) {
                ImageFile.write(picture(i), "jpg", file);
            }
            files.add(Files.readAllBytes(file));
        }
        ImageAugmentation crops = new ImageAugmentation(SIDE, .5f, 1, 4f / 3, .5f, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1);
        float[] batch = new float[IMAGES * 3 * SIDE * SIDE];
        SplittableRandom random = new SplittableRandom(10);
        try (Contender contender = Contender.start(Map.of("VIPS_CONCURRENCY", "1"), command)) {
            PairedBenchmark pair = PairedBenchmark.of(
                    WARM_UP,
                    rounds,
                    Stopwatch.once(() -> load(files, crops, batch, random)),
                    () -> contender.order().cpu());
            System.out.println(pair.line("loading/224/" + arguments[2], IMAGES * 1e9));
        }
    }

    private static void load(List<byte[]> files, ImageAugmentation crops, float[] batch, SplittableRandom random) {
        try {
            for (int i = 0; i < IMAGES; i++) {
                byte[] square = ImageFile.decode(files.get(i)).square(SIDE);
                crops.view(square, SIDE, true, batch, i * 3 * SIDE * SIDE, random);
            }
        } catch (ImageFile.Unreadable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waves of colour under noise: as many bytes a pixel as a photograph of that size. */
    private static byte[] picture(int number) {
        SplittableRandom random = new SplittableRandom(number);
        double[] waves = random.doubles(9, 0.01, 0.12).toArray();
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            int c = i % 3;
            int x = i / 3 % SIDE;
            int y = i / 3 / SIDE;
            double level = Math.sin(waves[c] * x) + Math.sin(waves[3 + c] * y) + Math.sin(waves[6 + c] * (x + y));
            pixels[i] = (byte) Math.clamp(Math.round(128 + 35 * level + 9 * random.nextGaussian()), 0, 255);
        }
        return pixels;
    }
}
