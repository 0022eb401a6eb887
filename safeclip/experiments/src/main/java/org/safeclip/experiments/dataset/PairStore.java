package org.safeclip.experiments.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.safeclip.experiments.source.Source;
import org.safeclip.settings.InvalidInputException;

/**
 * Decides where the images of a source are kept: a small set in memory, a large one in a {@link PairCache}, which is built when
 * the set is first used, or has changed.
 *
 * @param mostInMemory bytes of pixels that may be in memory
 * @param folder folder of the cache files
 */
public record PairStore(long mostInMemory, Path folder) {
    /** The store that the settings ask for. */
    public static PairStore of(DataSettings settings) {
        return new PairStore(
                (long) settings.inMemory() << 20,
                settings.cache().isEmpty() ? usualFolder() : Path.of(settings.cache()));
    }

    /** The folder for caches of this user, or that for temporary files. */
    private static Path usualFolder() {
        String caches = System.getenv("XDG_CACHE_HOME");
        String home = System.getenv("HOME");
        if (caches != null && !caches.isEmpty()) {
            return Path.of(caches, "safeclip");
        }
        return home != null && !home.isEmpty()
                ? Path.of(home, ".cache", "safeclip")
                : Path.of(System.getProperty("java.io.tmpdir"), "safeclip-cache");
    }

    /** Decodes the images of a source, or finds them in the cache. */
    DecodedPairs decode(Source source, int side) throws IOException {
        PairSurvey survey = PairSurvey.of(source, side);
        long bytes = (long) survey.images() * side * side * 3;
        if (bytes <= mostInMemory) {
            MemorySink memory = new MemorySink();
            return memory.pairs(side, PairDecoder.decode(source, side, memory));
        }
        Path file = folder.resolve(survey.key().substring(0, 32) + ".pairs");
        byte[] key = HexFormat.of().parseHex(survey.key());
        if (!Files.exists(file)) {
            build(source, side, bytes, file, key);
        }
        return PairCache.open(file, key).pairs();
    }

    private void build(Source source, int side, long bytes, Path file, byte[] key) throws IOException {
        Files.createDirectories(folder);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "data.cache: the images of %s take %,d MiB at %d x %d pixels, but %s has only %,d MiB left;"
                            + " name a folder with more room (data.cache=DIR)",
                    source.place(),
                    bytes >> 20,
                    side,
                    side,
                    folder,
                    free >> 20));
        }
        try (PairCacheWriter writer = new PairCacheWriter(file)) {
            PairDecoder.Summary summary = PairDecoder.decode(source, side, writer);
            writer.finish(key, side, summary);
        }
    }
}
