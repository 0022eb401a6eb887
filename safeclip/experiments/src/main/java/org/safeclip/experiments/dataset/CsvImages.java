package org.safeclip.experiments.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/** The images of a csv file, decoded; those that cannot be used are left out and counted by reason. */
final class CsvImages {
    private final Path file;
    private final Map<Path, byte[]> usable = new LinkedHashMap<>();
    private final Map<String, Integer> reasons = new LinkedHashMap<>();
    private @Nullable String example; // the first that is left out, with its line and reason

    private CsvImages(Path file) {
        this.file = file;
    }

    /** Decodes every image once, as a square. */
    static CsvImages decode(Path file, List<CsvPairs.Row> rows, int side) throws IOException {
        CsvImages images = new CsvImages(file);
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent())
                .toRealPath();
        Set<Path> seen = new HashSet<>();
        for (CsvPairs.Row row : rows) {
            if (!seen.add(row.image())) {
                continue;
            }
            try {
                refuseOutside(folder, row.image());
                images.usable.put(row.image(), ImageFile.square(row.image(), side));
            } catch (ImageFile.Unreadable e) {
                images.leaveOut(row, e);
            }
        }
        return images;
    }

    /** The names in the file are inside its folder, but symbolic links may lead elsewhere. */
    private static void refuseOutside(Path folder, Path image) throws ImageFile.Unreadable {
        try {
            if (Files.exists(image) && !image.toRealPath().startsWith(folder)) {
                throw new ImageFile.Unreadable("a symbolic link out of the folder of the csv file");
            }
        } catch (IOException e) {
            throw new ImageFile.Unreadable("cannot be found", String.valueOf(e.getMessage()));
        }
    }

    private void leaveOut(CsvPairs.Row row, ImageFile.Unreadable e) {
        reasons.merge(e.reason(), 1, Integer::sum);
        if (example == null) {
            example = "line " + row.line() + ": " + row.image() + ": " + e.getMessage();
        }
    }

    /** Pixels by file, in the order of the rows. */
    Map<Path, byte[]> usable() {
        return usable;
    }

    /** What was left out, for the user. */
    List<String> remarks() {
        return reasons.isEmpty()
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT, "%,d of %,d images left out: %s; such as %s", bad(), all(), counts(), example));
    }

    /**
     * Refuses the list if none of its images can be used, or more than a share cannot.
     *
     * @param share data.maxBadShare
     */
    void refuseIfTooManyAreBad(double share) {
        if (!usable.isEmpty() && bad() <= share * all()) {
            return;
        }
        String remedy = usable.isEmpty()
                ? "correct the paths or the files"
                : String.format(
                        Locale.ROOT,
                        "data.maxBadShare=%s allows fewer: mend the files, or train without them with data.maxBadShare=%.2f",
                        share,
                        Math.min(1, Math.ceil(100.0 * bad() / all()) / 100));
        throw new InvalidInputException(String.format(
                Locale.ROOT,
                "%s: %,d of %,d images cannot be used, such as %s; in all %s; %s",
                file,
                bad(),
                all(),
                example,
                counts(),
                remedy));
    }

    private int bad() {
        return reasons.values().stream().mapToInt(Integer::intValue).sum();
    }

    private int all() {
        return bad() + usable.size();
    }

    private String counts() {
        return reasons.entrySet().stream()
                .map(reason -> reason.getKey() + ": " + reason.getValue())
                .collect(Collectors.joining(", "));
    }
}
