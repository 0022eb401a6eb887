package org.safeclip.experiments.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.safeclip.settings.InvalidInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Large JSON files, read element by element, with bounded depth and lengths. */
final class JsonText {
    /** Reads JSON of untrusted origin. */
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(TextLine.LONGEST)
                            .maxNameLength(1 << 10)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private static final ObjectReader ELEMENTS =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonText() {}

    /** Receives the elements of an array. */
    @FunctionalInterface
    interface Element {
        void accept(JsonNode element) throws IOException;
    }

    /**
     * Reads the elements of an array in a file.
     *
     * @param field the field of the outer object that has the array; empty if the array is all
     * @return whether there was such an array
     * @throws InvalidInputException if the file is not JSON
     */
    static boolean each(Path file, String field, Element action) throws IOException {
        try (InputStream in = FileStart.open(file);
                JsonParser json = MAPPER.createParser(in)) {
            if (!find(json, field)) {
                return false;
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                action.accept(ELEMENTS.readTree(json));
            }
            return true;
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    file + ", line " + e.getLocation().getLineNr() + ": not the JSON expected: "
                            + e.getOriginalMessage(),
                    e);
        } catch (ZipException | EOFException e) {
            throw new InvalidInputException(file + ": damaged or cut off gzip data; copy or pack it again", e);
        }
    }

    /** Goes to the array. */
    private static boolean find(JsonParser json, String field) {
        JsonToken first = json.nextToken();
        if (field.isEmpty()) {
            return first == JsonToken.START_ARRAY;
        }
        if (first != JsonToken.START_OBJECT) {
            return false;
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            boolean array = json.nextToken() == JsonToken.START_ARRAY;
            if (name.equals(field) && array) {
                return true;
            }
            json.skipChildren();
        }
        return false;
    }

    /** Names of the fields of the object, or of the first object in the array, with which a text begins, as far as it is there. */
    static List<String> fields(String text) {
        List<String> names = new ArrayList<>();
        try (JsonParser json = MAPPER.createParser(text)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_ARRAY) {
                first = json.nextToken();
            }
            if (first != JsonToken.START_OBJECT) {
                return names;
            }
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                names.add(name);
                json.nextToken();
                json.skipChildren();
            }
        } catch (JacksonException e) { // the text ends here, or is no JSON from here on
            return names;
        }
        return names;
    }

    /** The text of the first of some fields that an object has, without surrounding spaces; empty if it has none. */
    static String text(JsonNode object, List<String> fields) {
        for (String field : fields) {
            JsonNode value = object.path(field);
            if (value.isString()) {
                return value.stringValue().strip();
            }
        }
        return "";
    }
}
