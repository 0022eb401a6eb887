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

/** Which pairs of a csv file are poisons, for the diagnosis of a training on it: {@code mask.csv} of {@code poison}. */
public final class MaskFile {
    private final Path file;
    private final Map<Aim, BitSet> poisons = new LinkedHashMap<>();

    /** What a group of poisons has in common. */
    private record Aim(String attack, String target) {}

    /**
     * Reads it.
     *
     * @param file with columns row (counted from 0), attack and target
     */
    public MaskFile(Path file) throws IOException {
        this.file = file;
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : records) {
                Aim aim = new Aim(line.getField("attack"), line.getField("target"));
                poisons.computeIfAbsent(aim, _ -> new BitSet()).set(Integer.parseInt(line.getField("row")));
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
     * The mask of the pairs that are trained on.
     *
     * @param rows of the csv file that they are, ascending
     */
    public PoisonMask of(int... rows) {
        List<PoisonMask.Group> groups = new ArrayList<>();
        poisons.forEach((aim, places) -> {
            int[] trained = IntStream.range(0, rows.length)
                    .filter(i -> places.get(rows[i]))
                    .toArray();
            if (trained.length > 0) {
                groups.add(new PoisonMask.Group(aim.attack(), aim.target(), trained));
            }
        });
        if (groups.isEmpty() && !poisons.isEmpty()) {
            throw new InvalidInputException(
                    file + ": none of its rows is a pair trained on; is it the mask of another file?");
        }
        return new PoisonMask(rows.length, groups);
    }
}
