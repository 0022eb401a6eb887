package org.safeclip.experiments.source;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * Parquet files with the images inside: a column of encoded bytes, or of structs with a field {@code bytes}, and a column of captions
 * or of lists of them. A file with web addresses only is recognised too, and its images are missing.
 */
public final class ParquetFormat implements SourceFormat {
    private static final List<String> IMAGE = List.of("image", "jpg", "png", "webp", "img", "image_bytes");
    private static final List<String> CAPTION = List.of("caption", "TEXT", "text", "captions", "title", "sentences");
    private static final List<String> ADDRESS = List.of("url", "URL");

    /** Kept, or its level would be forgotten: the reader tells how it works, which is no news to users. */
    private static final Logger READER = Logger.getLogger("dev.hardwood");

    static {
        READER.setLevel(Level.WARNING);
    }

    /** The format. */
    public ParquetFormat() {}

    @Override
    public String name() {
        return "Parquet";
    }

    @Override
    public boolean recognises(FileStart start) {
        return start.has(0, "PAR1");
    }

    @Override
    public boolean inSeveralFiles() {
        return true;
    }

    @Override
    public Source open(List<Path> files) {
        List<Path> all = List.copyOf(files);
        return new Source() {
            @Override
            public String format() {
                return name();
            }

            @Override
            public List<Path> files() {
                return all;
            }

            @Override
            public int read(Visitor visitor) throws IOException {
                int row = 0;
                for (Path file : all) {
                    row = pairs(file, row, visitor);
                }
                return row;
            }
        };
    }

    private static int pairs(Path file, int first, Source.Visitor visitor) throws IOException {
        int row = first;
        try (ParquetFileReader parquet = opened(file);
                RowReader rows = parquet.rowReader()) {
            List<SchemaNode> columns = parquet.getFileSchema().getRootNode().children();
            String caption = column(file, columns, CAPTION, "captions");
            String image = find(columns, IMAGE);
            String address = image == null ? column(file, columns, ADDRESS, "images") : "";
            while (rows.hasNext()) {
                rows.next();
                String place = file + ", row " + (row - first);
                List<String> captions = captions(rows, caption);
                Picture picture = image == null
                        ? Picture.none(String.valueOf(rows.getValue(address)), "a web address, not an image")
                        : picture(rows, image, place);
                if (captions.isEmpty()) {
                    visitor.leftOut("no caption", place);
                    row++;
                }
                for (String one : captions) {
                    visitor.pair(new SourcePair(row++, 0, place, picture, one));
                }
            }
            return row;
        } catch (RuntimeException e) { // of a damaged file, or one packed in a way that is not supported
            if (e instanceof InvalidInputException refused) {
                throw refused;
            }
            throw new InvalidInputException(
                    file + ": a Parquet file that cannot be read, at row " + (row - first) + ": " + e.getMessage(), e);
        }
    }

    private static ParquetFileReader opened(Path file) {
        try {
            return ParquetFileReader.open(InputFile.of(file));
        } catch (IOException e) { // also where the end of the file is missing
            throw new InvalidInputException(file + ": a Parquet file that cannot be read: " + e.getMessage(), e);
        }
    }

    private static @Nullable String find(List<SchemaNode> columns, List<String> names) {
        return names.stream()
                .filter(name ->
                        columns.stream().anyMatch(column -> column.name().equals(name)))
                .findFirst()
                .orElse(null);
    }

    private static String column(Path file, List<SchemaNode> columns, List<String> names, String what) {
        String found = find(columns, names);
        if (found == null) {
            throw new InvalidInputException(file + ": no column of " + what + " (" + String.join(", ", names)
                    + "); it has "
                    + String.join(", ", columns.stream().map(SchemaNode::name).toList()));
        }
        return found;
    }

    private static Picture picture(RowReader rows, String column, String place) {
        Object value = rows.isNull(column) ? null : rows.getRawValue(column);
        if (value instanceof PqStruct struct) {
            value = struct.isNull("bytes") ? null : struct.getBinary("bytes");
        }
        return value instanceof byte[] bytes ? Picture.of(place, bytes) : Picture.none(place, "no bytes");
    }

    private static List<String> captions(RowReader rows, String column) {
        List<String> captions = new ArrayList<>();
        if (rows.isNull(column)) {
            return captions;
        }
        Object value = rows.getValue(column);
        List<?> values = value instanceof PqList list ? list.values() : List.of(value);
        for (Object one : values) {
            if (one instanceof String text && !text.isBlank()) {
                captions.add(text.strip());
            }
        }
        return captions;
    }
}
