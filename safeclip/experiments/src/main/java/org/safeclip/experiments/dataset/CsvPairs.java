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
 * A list of pairs in a file, as CleanCLIP, SafeCLIP and open_clip have it: a header line with a column {@code image}, {@code
 * path} or {@code filepath} and a column {@code caption} or {@code title}, in any order, among any others; separated by
 * commas, or by tabs where the header holds one; quotes as in RFC 4180; UTF-8, with or without a mark.
 */
public final class CsvPairs {
    private static final List<String> PICTURE = List.of("image", "path", "filepath");
    private static final List<String> CAPTION = List.of("caption", "title");
    private static final int LONGEST_FIELD = 1 << 20; // characters

    private CsvPairs() {}

    /**
     * One line.
     *
     * @param line its first line in the file, from 1
     * @param number how many pairs stand before it in the file, those without a caption included
     * @param picture where its picture should be
     * @param caption trimmed
     */
    public record Row(long line, int number, Path picture, String caption) {}

    /** What a file lists, pictures not yet looked at. Rows without a caption are left out. */
    public static List<Row> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(file + ": is a folder; name the csv file in it");
        }
        Path folder =
                Objects.requireNonNull(file.toAbsolutePath().normalize().getParent()); // what is no folder lies in one
        try (Reader text = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8);
                CsvReader<CsvRecord> records = CsvReader.builder()
                        .fieldSeparator(separator(file))
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // said better below
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
        int picture = -1;
        int caption = -1;
        int columns = 0;
        int number = 0;
        for (CsvRecord row : records) {
            if (columns == 0) {
                List<String> header = row.getFields().stream()
                        .map(name -> name.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT))
                        .toList();
                columns = header.size();
                picture = column(file, header, PICTURE);
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
                rows.add(new Row(line, number, inside(file, folder, line, row.getField(picture)), words));
            }
            number++;
        }
        if (rows.isEmpty()) {
            throw new InvalidInputException(
                    file + ": lists no pair; expected a header with image and caption, then a pair a line");
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

    /** A list may not name what lies outside of its folder: it may come from a stranger. */
    private static Path inside(Path file, Path folder, long line, String name) {
        Path place;
        try {
            place = folder.resolve(name.strip()).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidInputException(file + ", line " + line + ": no name of a file: " + e.getReason(), e);
        }
        if (!place.startsWith(folder)) {
            throw new InvalidInputException(file + ", line " + line + ": " + name
                    + " lies outside of the list's folder; move the list above its pictures and name them from there");
        }
        return place;
    }
}
