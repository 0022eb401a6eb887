package org.safeclip.experiments.attack;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.safeclip.settings.InvalidInputException;

/**
 * The file that lists which pairs of a csv file are poisons, for the diagnostics of a training run on it: {@code mask.csv},
 * written by the command {@code poison}.
 */
public final class MaskFile {
    private final Path file;
    private final Map<GroupKey, BitSet> poisons = new LinkedHashMap<>();

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
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : records) {
                GroupKey key = new GroupKey(line.getField("attack"), line.getField("target"));
                poisons.computeIfAbsent(key, _ -> new BitSet()).set(Integer.parseInt(line.getField("row")));
            }
        } catch (NoSuchElementException | NumberFormatException | IndexOutOfBoundsException | CsvParseException e) {
            throw new InvalidInputException(
                    file + ": not a mask: " + e.getMessage() + "; expected columns row, attack and target", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Rows of the csv file that are poisons. */
    public BitSet rows() {
        BitSet all = new BitSet();
        poisons.values().forEach(all::or);
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
                    .filter(i -> places.get(rows[i]))
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
