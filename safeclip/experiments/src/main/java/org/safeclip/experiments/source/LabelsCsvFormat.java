package org.safeclip.experiments.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * The evaluation folders of CleanCLIP: {@code labels.csv} with image and number of the class, and the names and prompts in
 * {@code classes.py}. That file is not run as a program; only its strings are read.
 */
final class LabelsCsvFormat implements LabelledFormat {
    private static final Pattern LIST = Pattern.compile("[\"'](classes|templates)[\"']\\s*:\\s*\\[");
    private static final Pattern STRING =
            Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.){0,1000}+)\"|'((?:[^'\\\\\\n]|\\\\.){0,1000}+)'|(\\])|#[^\\n]*+");
    private static final Pattern NAME = Pattern.compile("\\{\\s*\\w*\\s*}");

    @Override
    public @Nullable LabelledSet open(Path folder) throws IOException {
        Path labels = folder.resolve("labels.csv");
        if (!Files.exists(labels)) {
            return null;
        }
        Path python = folder.resolve("classes.py");
        if (!Files.exists(python)) {
            throw new InvalidInputException(python + ": is missing; it has the names of the classes in labels.csv");
        }
        String text = TextFile.read(python);
        List<String> classes = strings(text, "classes");
        List<String> templates = strings(text, "templates").stream()
                .map(line -> NAME.matcher(line).replaceAll("{}"))
                .filter(line -> line.contains("{}"))
                .toList();
        if (classes.isEmpty()) {
            throw new InvalidInputException(python + ": no list \"classes\": [\"...\", ...] of names");
        }
        return new LabelledSet("labels.csv", classes, templates, images(folder, labels, classes.size()));
    }

    private static List<LabelledSet.Labelled> images(Path folder, Path labels, int classes) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        List<LabelledSet.Labelled> images = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(new CsvText(labels).reader())) {
            for (NamedCsvRecord row : rows) {
                String image = row.findField("image").orElseGet(() -> row.getField("path"));
                int label = Integer.parseInt(row.getField("label").strip());
                if (label < 0 || label >= classes) {
                    throw new InvalidInputException(labels + ", line " + row.getStartingLineNumber() + ": label "
                            + label + ", but there are " + classes + " classes");
                }
                images.add(new LabelledSet.Labelled(FilePicture.in(root, image.strip()), label));
            }
            return images;
        } catch (NoSuchElementException | CsvParseException | NumberFormatException e) {
            throw new InvalidInputException(
                    labels + ": " + e.getMessage() + "; expected columns image and label, with numbers of classes", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The strings of a list in a Python file; of lambdas, the string each returns. */
    static List<String> strings(String python, String list) {
        List<String> strings = new ArrayList<>();
        Matcher start = LIST.matcher(python);
        while (start.find()) {
            if (!start.group(1).equals(list)) {
                continue;
            }
            Matcher parts = STRING.matcher(python).region(start.end(), python.length());
            while (parts.find() && parts.group(3) == null) {
                String string = parts.group(1) != null ? parts.group(1) : parts.group(2);
                if (string != null) {
                    strings.add(string.replaceAll("\\\\(.)", "$1"));
                }
            }
            return strings;
        }
        return strings;
    }
}
