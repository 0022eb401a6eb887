package org.safeclip.experiments.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.safeclip.settings.InvalidInputException;

/**
 * A csv file of pairs, as CleanCLIP, SafeCLIP and open_clip use it: a header line with a column {@code image}, {@code path} or
 * {@code filepath} and a column {@code caption} or {@code title}, in any order, among others; separated by tabs if the header
 * contains one, else by commas; quotes as in RFC 4180; UTF-8, with or without a byte order mark.
 */
public final class CsvPairs {
    private static final List<String> IMAGE = List.of("image", "path", "filepath");
    private static final List<String> CAPTION = List.of("caption", "title");
    private static final int LONGEST_FIELD = 1 << 20; // characters

    private CsvPairs() {}

    /**
     * One pair.
     *
     * @param line first line of the pair in the file, from 1
     * @param number row number from 0, rows without a caption included
     * @param image path of the image file, not checked
     * @param caption caption without surrounding spaces
     */
    public record Row(long line, int number, Path image, String caption) {}

    /**
     * Reads a csv file without opening the images; rows without a caption are skipped.
     *
     * @throws InvalidInputException if the file is malformed or names images outside its folder
     */
    public static List<Row> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(file + ": is a folder; name the csv file in it");
        }
        Path folder =
                Objects.requireNonNull(file.toAbsolutePath().normalize().getParent()); // a file has a parent folder
        try (Reader text = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8);
                CsvReader<CsvRecord> records = CsvReader.builder()
                        .fieldSeparator(separator(file))
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // reported below
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .maxBufferSize(LONGEST_FIELD)
                        .ofCsvRecord(text)) {
            return rows(file, folder, records);
        } catch (CsvParseException e) {
            Throwable cause = e.getCause();
            String reason = cause == null ? e.getMessage() : e.getMessage() + " " + cause.getMessage();
            throw new InvalidInputException(file + ": not a csv file: " + reason, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static char separator(Path file) throws IOException {
        try (Reader text = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
            for (int i = 0, c = text.read(); i < LONGEST_FIELD && c >= 0 && c != '\n'; i++, c = text.read()) {
                if (c == '\t') {
                    return '\t';
                }
            }
        }
        return ',';
    }

    private static List<Row> rows(Path file, Path folder, Iterable<CsvRecord> records) {
        List<Row> rows = new ArrayList<>();
        int image = -1;
        int caption = -1;
        int columns = 0;
        int number = 0;
        for (CsvRecord row : records) {
            if (columns == 0) {
                List<String> header = row.getFields().stream()
                        .map(name -> name.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT))
                        .toList();
                columns = header.size();
                image = column(file, header, IMAGE);
                caption = column(file, header, CAPTION);
                continue;
            }
            if (row.getFieldCount() == 1 && row.getField(0).isBlank()) {
                continue;
            }
            if (row.getFieldCount() != columns) {
                throw new InvalidInputException(file + ", line " + row.getStartingLineNumber() + ": "
                        + row.getFieldCount() + " fields, expected " + columns
                        + " as in the header; put captions with commas, quotes or line breaks in double quotes");
            }
            String words = row.getField(caption).strip();
            if (!words.isEmpty()) {
                long line = row.getStartingLineNumber();
                rows.add(new Row(line, number, inside(file, folder, line, row.getField(image)), words));
            }
            number++;
        }
        if (rows.isEmpty()) {
            throw new InvalidInputException(
                    file + ": contains no pairs; expected a header with image and caption, then one pair per line");
        }
        return rows;
    }

    private static int column(Path file, List<String> header, List<String> names) {
        for (String name : names) {
            if (header.contains(name)) {
                return header.indexOf(name);
            }
        }
        throw new InvalidInputException(file + ", line 1: no column " + String.join(" or ", names) + "; the header has "
                + String.join(", ", header));
    }

    /**
     * The path of an image. Paths outside the csv file's folder are refused, because the file may come from an untrusted source.
     */
    private static Path inside(Path file, Path folder, long line, String name) {
        Path place;
        try {
            place = folder.resolve(name.strip()).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidInputException(file + ", line " + line + ": not a file name: " + e.getReason(), e);
        }
        if (!place.startsWith(folder)) {
            throw new InvalidInputException(file + ", line " + line + ": " + name
                    + " is outside the folder of the csv file; move the csv file to a folder above the images");
        }
        return place;
    }
}
