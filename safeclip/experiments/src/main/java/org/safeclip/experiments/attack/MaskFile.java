package org.safeclip.experiments.attack;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.source.CsvText;
import org.safeclip.settings.InvalidInputException;

/**
 * The file that lists which pairs of a csv file are poisons, for the diagnostics of a training run on it: {@code mask.csv},
 * written by the command {@code poison}.
 */
public final class MaskFile {
    private final Path file;
    private final Map<GroupKey, IntSet> poisons = new LinkedHashMap<>();
    private int largest = -1;
    private long lineOfLargest;

    /** Poisons with equal attack and target class form a group. */
    private record GroupKey(String attack, String target) {}

    /**
     * Reads a mask file.
     *
     * @param file csv file with columns row (from 0), attack and target
     * @throws InvalidInputException if it is not a mask
     */
    public MaskFile(Path file) throws IOException {
        this.file = file;
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(new CsvText(file).reader())) {
            for (NamedCsvRecord line : records) {
                add(line);
            }
        } catch (NoSuchElementException | CsvParseException e) {
            throw new InvalidInputException(
                    file + ": not a mask: " + e.getMessage() + "; expected columns row, attack and target", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void add(NamedCsvRecord line) {
        int row;
        try {
            row = Integer.parseInt(line.getField("row").strip());
        } catch (NumberFormatException e) {
            throw notARow(line.getStartingLineNumber(), line.getField("row"), "a number of a row, from 0", e);
        }
        if (row < 0) {
            throw notARow(line.getStartingLineNumber(), row, "a number of a row, from 0", null);
        }
        if (row > largest) {
            largest = row;
            lineOfLargest = line.getStartingLineNumber();
        }
        GroupKey key = new GroupKey(line.getField("attack"), line.getField("target"));
        poisons.computeIfAbsent(key, _ -> new IntOpenHashSet()).add(row);
    }

    private InvalidInputException notARow(long line, Object row, String expected, @Nullable Exception cause) {
        return new InvalidInputException(
                file + ", line " + line + ": not a mask: row is " + row + ", expected " + expected, cause);
    }

    /**
     * Rows of the csv file that are poisons.
     *
     * @param count number of rows of the csv file
     * @throws InvalidInputException if a row is beyond them
     */
    public BitSet rows(int count) {
        if (largest >= count) {
            throw notARow(
                    lineOfLargest,
                    largest,
                    "at most " + (count - 1) + ", the last row of the list; is it the mask of another file?",
                    null);
        }
        BitSet all = new BitSet(count);
        poisons.values().forEach(rows -> rows.forEach(all::set));
        return all;
    }

    /**
     * The mask of the pairs that are used for training.
     *
     * @param rows row of the csv file of each training pair, ascending
     * @throws InvalidInputException if the file lists poisons and none of them is a training pair
     */
    public PoisonMask of(int... rows) {
        List<PoisonMask.Group> groups = new ArrayList<>();
        poisons.forEach((key, places) -> {
            int[] trained = IntStream.range(0, rows.length)
                    .filter(i -> places.contains(rows[i]))
                    .toArray();
            if (trained.length > 0) {
                groups.add(new PoisonMask.Group(key.attack(), key.target(), trained));
            }
        });
        if (groups.isEmpty() && !poisons.isEmpty()) {
            throw new InvalidInputException(
                    file + ": none of its rows is a pair trained on; is it the mask of another file?");
        }
        return new PoisonMask(rows.length, groups);
    }
}
