package org.safeclip.run;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.safeclip.attack.PoisonMask;

/** Reads which pairs of a csv file are poisons, for the diagnosis of a training on it: {@code mask.csv} of {@code poison}. */
final class MaskFile {
    private MaskFile() {}

    /** What a group of poisons has in common. */
    private record Aim(String attack, String target) {}

    /**
     * The mask of the pairs that are trained on; poisons among those held out are left out.
     *
     * @param file with columns row (counted from 0), attack and target
     * @param rows of the pairs trained on, ascending
     */
    static PoisonMask read(Path file, int[] rows) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        Map<Aim, List<Integer>> poisons = new LinkedHashMap<>();
        boolean some = false;
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : records) {
                some = true;
                int place = Arrays.binarySearch(rows, Integer.parseInt(line.getField("row")));
                if (place >= 0) {
                    poisons.computeIfAbsent(
                                    new Aim(line.getField("attack"), line.getField("target")), _ -> new ArrayList<>())
                            .add(place);
                }
            }
        } catch (NoSuchElementException | NumberFormatException | CsvParseException e) {
            throw new IllegalArgumentException(
                    file + ": not a mask: " + e.getMessage() + "; expected columns row, attack and target", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (some && poisons.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": none of its rows is a pair trained on; is it the mask of another file?");
        }
        List<PoisonMask.Group> groups = new ArrayList<>();
        poisons.forEach((aim, places) -> groups.add(new PoisonMask.Group(
                aim.attack(),
                aim.target(),
                places.stream().mapToInt(Integer::intValue).sorted().toArray())));
        return new PoisonMask(rows.length, groups);
    }
}
