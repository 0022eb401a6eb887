package org.safeclip.tensor.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which tile large matrix products use: the low one of {@link SimdTile} or the tall one of {@link SimdTallTile}. Both
 * give the same bits; the tall one needs 32 vector registers.
 *
 * <p>A processor with 512-bit vectors has them; an x86 one that Linux lists without AVX-512 has not. For the others Java
 * does not say, so the tiles are timed once; the answer is kept for the processor and the Java virtual machine in the
 * cache folder, in {@code tile-….txt}. Where the folder cannot be used they are timed in every process.
 */
final class SimdTileChoice {
    /** System property that forces a tile: {@link #LOW} or {@link #TALL}. */
    static final String TILE = "org.safeclip.tile";

    /** System property: the cache folder; default: {@code $XDG_CACHE_HOME/safeclip} or {@code ~/.cache/safeclip}. */
    static final String FOLDER = "org.safeclip.cache";

    /** Rows x vectors of the tile for 16 registers. */
    static final String LOW = SimdTile.ROWS + "x2";

    /** Rows x vectors of the tile for 32 registers. */
    static final String TALL = SimdTallTile.ROWS + "x2";

    private static final int SURELY_32_REGISTERS = 512; // bits of a vector

    private static volatile boolean tall = initial();

    private SimdTileChoice() {}

    /** Whether products use the tall tile where they are large enough. */
    static boolean tall() {
        return tall;
    }

    /** The tile of large products, rows x vectors. */
    static String name() {
        return tall ? TALL : LOW;
    }

    /** What the property asks for although there is no such tile, or null. */
    static @Nullable String unknown() {
        String asked = System.getProperty(TILE);
        return asked == null || List.of(LOW, TALL).contains(asked) ? null : asked;
    }

    /** For tests: forces a tile. */
    static void force(boolean high) {
        tall = high;
    }

    /** For tests: restores the choice of the property, the vectors or the stored measurement. */
    static void reset() {
        tall = initial();
    }

    private static boolean initial() {
        String asked = System.getProperty(TILE);
        if (asked != null && unknown() == null) {
            return asked.equals(TALL);
        }
        int bits = SimdMath.SPECIES.vectorBitSize();
        if (bits >= SURELY_32_REGISTERS) {
            return true;
        }
        Optional<String> flags = cpuInfo("flags"); // only x86 has this line
        if (flags.isPresent() && !flags.get().contains("avx512vl")) {
            return false;
        }
        return remembered(bits, SimdTileTrial::tallIsAsFast);
    }

    /** The stored answer for vectors of this size, or else the answer of a trial, which is then stored; without either, the low tile. */
    static boolean remembered(int bits, Supplier<Optional<Boolean>> trial) {
        Optional<Path> file = file(bits);
        Optional<String> stored = file.flatMap(SimdTileChoice::read);
        if (stored.isPresent()) {
            return stored.get().equals(TALL);
        }
        Optional<Boolean> high = trial.get();
        if (file.isPresent() && high.isPresent()) {
            write(file.get(), high.get() ? TALL : LOW);
        }
        return high.orElse(false);
    }

    private static Optional<String> read(Path file) {
        try {
            String stored = Files.readString(file).strip();
            return List.of(LOW, TALL).contains(stored) ? Optional.of(stored) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not measured yet, or not for us to read
        }
    }

    private static void write(Path file, String tile) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, tile + "\n");
        } catch (IOException e) {
            // The folder may be missing for good or read-only: the next process measures again.
        }
    }

    /** Where the answer for this processor and virtual machine is kept; empty where no path can be made of the names. */
    static Optional<Path> file(int bits) {
        String processor = cpuInfo("model name").orElse(System.getProperty("os.arch"));
        String about = processor + " " + bits + " java " + System.getProperty("java.vm.version");
        String slug = about.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        try {
            return Optional.of(folder().resolve("tile-" + slug + ".txt"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Path folder() {
        String chosen = System.getProperty(FOLDER);
        if (chosen != null) {
            return Path.of(chosen);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        return cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "safeclip")
                : Path.of(cache, "safeclip");
    }

    /** What Linux says of the first processor under this name; empty elsewhere. */
    private static Optional<String> cpuInfo(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
