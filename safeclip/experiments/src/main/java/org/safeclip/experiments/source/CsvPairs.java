package org.safeclip.experiments.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.safeclip.settings.InvalidInputException;

/**
 * A csv file of pairs, as CleanCLIP, SafeCLIP and open_clip use it: a header line with a column {@code image}, {@code path} or
 * {@code filepath} and a column {@code caption} or {@code title}, in any order, among others; separated by tabs, commas or
 * semicolons, as the header is; quotes as in RFC 4180; encoded as {@link CsvText} reads it.
 */
public final class CsvPairs {
    static final List<String> IMAGE = List.of("image", "path", "filepath");
    static final List<String> CAPTION = List.of("caption", "title");

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
        List<Row> rows = new ArrayList<>();
        read(file, pair -> rows.add(new Row(pair.line(), pair.row(), Path.of(pair.image()), pair.caption())));
        return rows;
    }

    /** Reads a csv file like {@link #read(Path)}, row by row. */
    static int read(Path file, Source.Visitor visitor) throws IOException {
        CsvText text = new CsvText(file);
        Path folder =
                Objects.requireNonNull(file.toAbsolutePath().normalize().getParent()); // a file has a parent folder
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .fieldSeparator(text.separator())
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // reported below
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(CsvText.LONGEST_FIELD)
                .ofCsvRecord(text.reader())) {
            return rows(file, folder, text.separator(), records, visitor);
        } catch (CsvParseException e) {
            Throwable cause = e.getCause();
            String reason = cause == null ? e.getMessage() : e.getMessage() + " " + cause.getMessage();
            throw new InvalidInputException(file + ": not a csv file: " + reason, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static int rows(Path file, Path folder, char separator, Iterable<CsvRecord> records, Source.Visitor visitor)
            throws IOException {
        boolean found = false;
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
            refuseSwallowedRows(file, folder, separator, row, image, caption);
            String words = row.getField(caption).strip();
            if (!words.isEmpty()) {
                long line = row.getStartingLineNumber();
                Path place = inside(file, folder, line, row.getField(image));
                visitor.pair(new SourcePair(number, line, place.toString(), new FilePicture(folder, place), words));
                found = true;
            } else {
                visitor.leftOut("no caption", "line " + row.getStartingLineNumber());
            }
            number++;
        }
        if (!found) {
            throw new InvalidInputException(
                    file + ": contains no pairs; expected a header with image and caption, then one pair per line");
        }
        return number;
    }

    /**
     * Refuses a field with line breaks if rows of the list are inside: a quote before them was never closed, and one after them,
     * in another row, was taken for its end.
     */
    private static void refuseSwallowedRows(
            Path file, Path folder, char separator, CsvRecord row, int image, int caption) {
        if (row.getField(image).strip().lines().count() > 1) {
            throw CsvQuotes.refusal(
                    file, row.getStartingLineNumber(), "is closed in a later line, but a file name has no line breaks");
        }
        String ending = ending(row.getField(image));
        List<String> lines = row.getField(caption).lines().toList();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] fields = line.split(String.valueOf(separator), -1);
            if (fields.length == row.getFieldCount() && isImage(folder, fields[image].strip(), ending)) {
                throw CsvQuotes.refusal(
                        file,
                        row.getStartingLineNumber(),
                        "is closed " + (lines.size() - 1) + " lines below, with rows of the list between");
            }
        }
    }

    private static boolean isImage(Path folder, String name, String ending) {
        try {
            return !name.isEmpty()
                    && ((!ending.isEmpty() && ending(name).equals(ending))
                            || Files.isRegularFile(folder.resolve(name)));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The lower-case ending of a file name with its dot, or nothing. */
    private static String ending(String name) {
        int dot = name.strip().lastIndexOf('.');
        return dot < 0 ? "" : name.strip().substring(dot).toLowerCase(Locale.ROOT);
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
