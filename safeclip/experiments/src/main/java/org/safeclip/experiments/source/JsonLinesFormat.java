package org.safeclip.experiments.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object in each line, with the image's file and a caption or several, such as {@code metadata.jsonl} of a folder of images.
 */
public final class JsonLinesFormat implements SourceFormat {
    private static final List<String> IMAGE =
            List.of("image", "file_name", "filepath", "path", "filename", "image_path");
    private static final List<String> CAPTION = List.of("caption", "text", "title", "captions", "texts");

    /** The format. */
    public JsonLinesFormat() {}

    @Override
    public String name() {
        return "JSON lines";
    }

    @Override
    public boolean recognises(FileStart start) {
        List<String> fields = JsonText.fields(start.text().lines().findFirst().orElse(""));
        return fields.stream().anyMatch(IMAGE::contains) && fields.stream().anyMatch(CAPTION::contains);
    }

    @Override
    public Source open(List<Path> files) {
        return new ListSource(name(), files.getFirst(), JsonLinesFormat::read);
    }

    private static int read(Path file, Source.Visitor visitor) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(FileStart.open(file), StandardCharsets.UTF_8))) {
            int row = 0;
            long number = 1;
            for (String line = TextLine.read(file, lines, 1);
                    line != null;
                    line = TextLine.read(file, lines, ++number)) {
                if (!line.isBlank()) {
                    row = pairs(line, number, row, folder, visitor);
                }
            }
            return row;
        }
    }

    private static int pairs(String line, long number, int first, Path folder, Source.Visitor visitor)
            throws IOException {
        JsonNode object;
        try {
            object = JsonText.MAPPER.readTree(line);
        } catch (JacksonException e) {
            visitor.leftOut("not a JSON object", "line " + number);
            return first + 1;
        }
        String image = JsonText.text(object, IMAGE);
        List<String> captions = captions(object);
        int row = first;
        if (image.isEmpty() || captions.isEmpty()) {
            visitor.leftOut(image.isEmpty() ? "no image" : "no caption", "line " + number);
            return row + 1;
        }
        for (String caption : captions) {
            visitor.pair(new SourcePair(row++, number, image, FilePicture.in(folder, image), caption));
        }
        return row;
    }

    private static List<String> captions(JsonNode object) {
        List<String> captions = new ArrayList<>();
        for (String field : CAPTION) {
            JsonNode value = object.path(field);
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                if (one.isString() && !one.stringValue().isBlank()) {
                    captions.add(one.stringValue().strip());
                }
            }
            if (!captions.isEmpty()) {
                return captions;
            }
        }
        return captions;
    }
}
