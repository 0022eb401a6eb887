package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Finds the fastest tile sizes of the matrix product on a device: every candidate is checked for correctness, timed in
 * alternation with the current best, and replaces it if clearly faster.
 */
final class Tuner {
    private static final int ROUNDS = 25;
    private static final double CLEARLY = 1.03;
    private static final double LONG_ENOUGH = 2e6; // nanoseconds of a product to measure
    private static final int SMALLEST = 128;
    private static final int LARGEST = 4096;
    private static final float TOLERANCE = 1e-3f;

    private final OpenClDevice device;
    private final Family family;
    private final Consumer<String> line;

    Tuner(OpenClDevice device, Consumer<String> line) {
        this.device = device;
        this.family = Family.of(device);
        this.line = line;
    }

    /** The best sizes found, starting from those shipped. */
    GemmTileSizes best() {
        GemmTileSizes shipped = GemmTileSizes.shipped(device);
        int side = side(shipped);
        MatMulShape square = MatMulShape.of(side, side, side);
        // the gradient of a weight: few numbers, long sums
        MatMulShape thin = new MatMulShape(1, Math.max(64, side / 4), Math.max(32, side / 8), 4 * side, true, false);
        if (family == Family.CPU) {
            GemmTileSizes.Cpu cpu = race(
                    "tile",
                    shipped.cpu(),
                    cpuCandidates(shipped.cpu()),
                    square,
                    found -> new GemmTileSizes(found, shipped.gpuLarge(), shipped.gpuSmall()));
            return new GemmTileSizes(cpu, shipped.gpuLarge(), shipped.gpuSmall());
        }
        GemmTileSizes.Gpu large = race(
                "large block",
                shipped.gpuLarge(),
                gpuCandidates(),
                square,
                found -> new GemmTileSizes(shipped.cpu(), found, found));
        GemmTileSizes.Gpu small = race(
                "small block",
                shipped.gpuSmall(),
                gpuCandidates(),
                thin,
                found -> new GemmTileSizes(shipped.cpu(), found, found));
        return new GemmTileSizes(shipped.cpu(), large, small);
    }

    /** Side of a square product that takes long enough to be measured. */
    private int side(GemmTileSizes sizes) {
        int side = SMALLEST;
        try (Racer racer = new Racer(sizes, MatMulShape.of(side, side, side))) {
            racer.nanos(); // compiles
        }
        while (side < LARGEST) {
            try (Racer racer = new Racer(sizes, MatMulShape.of(side, side, side))) {
                racer.nanos();
                if (racer.nanos() >= LONG_ENOUGH) {
                    break;
                }
            }
            side *= 2;
        }
        return side;
    }

    private static List<GemmTileSizes.Cpu> cpuCandidates(GemmTileSizes.Cpu shipped) {
        int[][] tiles = {{4, 6}, {2, 6}, {3, 8}, {2, 12}, {1, 12}}; // vectors, rows
        List<GemmTileSizes.Cpu> candidates = new ArrayList<>();
        for (int width : new int[] {shipped.width(), shipped.width() / 2}) {
            for (int[] tile : tiles) {
                for (int depth : new int[] {256, 512, 1024}) {
                    if (width >= 4 && (width == shipped.width() || depth == 512)) {
                        candidates.add(new GemmTileSizes.Cpu(width, tile[0], tile[1], depth));
                    }
                }
            }
        }
        return candidates;
    }

    private List<GemmTileSizes.Gpu> gpuCandidates() {
        int[][] blocks = {
            {128, 128, 8, 8},
            {128, 64, 8, 4},
            {64, 128, 4, 8},
            {64, 64, 8, 8},
            {64, 64, 4, 4},
            {64, 32, 4, 4},
            {32, 32, 4, 4}
        };
        List<GemmTileSizes.Gpu> candidates = new ArrayList<>();
        for (int[] block : blocks) {
            for (int depth : new int[] {8, 16, 32}) {
                GemmTileSizes.Gpu sizes = new GemmTileSizes.Gpu(block[0], block[1], depth, block[2], block[3]);
                if (sizes.fits(device)) {
                    candidates.add(sizes);
                }
            }
        }
        return candidates;
    }

    private <T> T race(
            String what, T shipped, List<T> candidates, MatMulShape shape, Function<T, GemmTileSizes> sizes) {
        T best = shipped;
        for (T candidate : candidates) {
            if (candidate.equals(best)) {
                continue;
            }
            try (Racer holder = new Racer(sizes.apply(best), shape);
                    Racer challenger = new Racer(sizes.apply(candidate), shape)) {
                double faster = challenger.against(holder);
                line.accept(String.format(Locale.ROOT, "%s %s: %.2f times the best so far", what, candidate, faster));
                best = faster > CLEARLY ? candidate : best;
            } catch (OpenClException e) {
                line.accept(what + " " + candidate + ": not possible here, "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
        line.accept("best " + what + ": " + best);
        return best;
    }

    /** One product, ready to be run again and again with certain sizes. */
    private final class Racer implements AutoCloseable {
        private final OpenClBackend backend;
        private final MatMulShape shape;
        private final Storage a;
        private final Storage b;
        private final Storage y;

        Racer(GemmTileSizes sizes, MatMulShape shape) {
            this.backend = new OpenClBackend(device, family, sizes);
            this.shape = shape;
            this.a = ramp(shape.m() * shape.k(), 0.37f);
            this.b = ramp(shape.k() * shape.n(), 0.61f);
            this.y = backend.allocate(shape.m() * shape.n());
        }

        private Storage ramp(int count, float step) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = i * step % 1 - 0.5f;
            }
            Storage storage = backend.allocate(count);
            storage.write(numbers, 0, count);
            return storage;
        }

        /** Nanoseconds of one product. */
        double nanos() {
            backend.finish();
            long start = System.nanoTime();
            backend.kernels().matmul(shape, a, b, y);
            backend.finish();
            return System.nanoTime() - start;
        }

        /** How many times faster this is than the holder, 0 if it computes something else. */
        double against(Racer holder) {
            nanos();
            holder.nanos();
            float[] mine = new float[shape.m() * shape.n()];
            float[] expected = new float[mine.length];
            y.read(mine, 0, mine.length);
            holder.y.read(expected, 0, mine.length);
            for (int i = 0; i < mine.length; i++) {
                if (!(Math.abs(mine[i] - expected[i]) <= TOLERANCE * (1 + Math.abs(expected[i])))) {
                    return 0;
                }
            }
            double best = Double.POSITIVE_INFINITY; // of many: what else the machine does only ever adds
            double toBeat = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                toBeat = Math.min(toBeat, holder.nanos());
                best = Math.min(best, nanos());
            }
            return toBeat / best;
        }

        @Override
        public void close() {
            backend.close();
        }
    }
}
