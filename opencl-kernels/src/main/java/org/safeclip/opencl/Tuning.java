package org.safeclip.opencl;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Stores tuned tile sizes of a device: {@code opencl-<device>.properties} in the user's cache folder, {@code
 * $XDG_CACHE_HOME/safeclip} or {@code ~/.cache/safeclip}, or in {@code -Dorg.safeclip.cache}.
 */
final class Tuning {
    /** System property: the cache folder. */
    static final String FOLDER = "org.safeclip.cache";

    private static final System.Logger LOG = System.getLogger(Tuning.class.getName());

    private Tuning() {}

    /** The file of a device, which need not exist. */
    static Path file(OpenClDevice device) {
        String name = (device.platform() + " " + device.name()).toLowerCase(Locale.ROOT);
        return folder().resolve("opencl-" + name.replaceAll("[^a-z0-9]+", "-") + ".properties");
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

    /** The stored sizes; empty, with a warning, if the file is damaged or the sizes exceed the device's limits. */
    static Optional<GemmTileSizes> stored(OpenClDevice device) {
        Path file = file(device);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties values = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            values.load(in);
            return Optional.of(sizes(values, device));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "ignoring " + file + ": " + e.getMessage() + "; delete it, or write it anew with: safeclip tune");
            return Optional.empty();
        }
    }

    private static GemmTileSizes sizes(Properties values, OpenClDevice device) {
        GemmTileSizes.Cpu cpu = new GemmTileSizes.Cpu(
                number(values, "cpu.width", 4, 16),
                number(values, "cpu.vectors", 1, 8),
                number(values, "cpu.rows", 1, 16),
                number(values, "cpu.depth", 16, 4096));
        if (Integer.bitCount(cpu.width()) != 1) {
            throw new IllegalArgumentException("cpu.width = " + cpu.width() + ", expected 4, 8 or 16");
        }
        return new GemmTileSizes(cpu, gpu(values, "gpu.large", device), gpu(values, "gpu.small", device));
    }

    private static GemmTileSizes.Gpu gpu(Properties values, String name, OpenClDevice device) {
        GemmTileSizes.Gpu gpu = new GemmTileSizes.Gpu(
                number(values, name + ".blockRows", 16, 256),
                number(values, name + ".blockCols", 16, 256),
                number(values, name + ".blockDepth", 4, 64),
                number(values, name + ".rows", 4, 16),
                number(values, name + ".cols", 4, 16));
        boolean whole = gpu.rows() % 4 == 0
                && gpu.cols() % 4 == 0
                && gpu.blockDepth() % 4 == 0
                && gpu.blockRows() % gpu.rows() == 0
                && gpu.blockCols() % gpu.cols() == 0;
        if (!whole || !gpu.fits(device)) {
            throw new IllegalArgumentException(name + " does not fit this device or itself: " + gpu);
        }
        return gpu;
    }

    private static int number(Properties values, String key, int least, int most) {
        String text = values.getProperty(key);
        int number = text != null && text.strip().matches("\\d{1,6}") ? Integer.parseInt(text.strip()) : -1;
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    key + " = " + text + ", expected a number from " + least + " to " + most);
        }
        return number;
    }

    /** Stores sizes for the next time the device is opened. */
    static void store(OpenClDevice device, GemmTileSizes sizes) throws IOException {
        Properties values = new Properties();
        values.setProperty("cpu.width", Integer.toString(sizes.cpu().width()));
        values.setProperty("cpu.vectors", Integer.toString(sizes.cpu().vectors()));
        values.setProperty("cpu.rows", Integer.toString(sizes.cpu().rows()));
        values.setProperty("cpu.depth", Integer.toString(sizes.cpu().depth()));
        put(values, "gpu.large", sizes.gpuLarge());
        put(values, "gpu.small", sizes.gpuSmall());
        Path file = file(device);
        @Nullable Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            values.store(out, "sizes of the matrix product found by: safeclip tune, on " + device);
        }
    }

    private static void put(Properties values, String name, GemmTileSizes.Gpu sizes) {
        values.setProperty(name + ".blockRows", Integer.toString(sizes.blockRows()));
        values.setProperty(name + ".blockCols", Integer.toString(sizes.blockCols()));
        values.setProperty(name + ".blockDepth", Integer.toString(sizes.blockDepth()));
        values.setProperty(name + ".rows", Integer.toString(sizes.rows()));
        values.setProperty(name + ".cols", Integer.toString(sizes.cols()));
    }
}
