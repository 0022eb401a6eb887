package org.safeclip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads and writes a {@link Config} as TOML: a preset or a file of {@code key = value} lines, then overrides from the command
 * line. The keys are the record's components; unknown and missing ones are refused.
 */
public final class ConfigFile {
    private static final String BASE = "tiny";
    private static final List<String> PRESETS = List.of(BASE, "quick", "small", "vit-b-32", "rn50");
    private static final ObjectMapper TOML = new TomlMapper();
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final List<String> KEYS = Arrays.stream(Config.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    private ConfigFile() {}

    /**
     * A preset with overrides.
     *
     * @param name {@code tiny}, or a preset that says only where it differs from its {@code base}, such as {@code quick}
     * @param overrides {@code key=value} each; the last wins
     */
    public static Config preset(String name, List<String> overrides) {
        return of("preset " + name, preset(name), overrides);
    }

    private static ObjectNode preset(String name) {
        ObjectNode own = toml("preset " + name, resource(name));
        JsonNode base = own.remove("base");
        if (base == null) {
            return own;
        }
        ObjectNode values = preset(base.asString());
        values.setAll(own);
        return values;
    }

    private static String resource(String name) {
        try (InputStream in = ConfigFile.class.getResourceAsStream("presets/" + name + ".toml")) {
            if (in == null || !PRESETS.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no preset '" + name + "'; there are " + String.join(", ", PRESETS));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("preset " + name + " cannot be read", e);
        }
    }

    /** A configuration file with overrides. */
    public static Config read(Path file, List<String> overrides) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": is a folder; expected a file of key = value lines");
        }
        try {
            return parse(file.toString(), Files.readString(file), overrides);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": is no UTF-8 text; expected a file of key = value lines", e);
        }
    }

    /** The configuration in a text with overrides; {@code where} names the text in refusals. */
    public static Config parse(String where, String text, List<String> overrides) {
        return of(where, toml(where, text), overrides);
    }

    private static Config of(String where, ObjectNode values, List<String> overrides) {
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + override + "' is no setting; expected key=value");
            }
            String key = override.substring(0, equals).strip();
            refuseUnknown("command line", key);
            values.set(key, value(override.substring(equals + 1).strip()));
        }
        for (String key : values.propertyNames()) {
            refuseUnknown(where, key);
        }
        for (String key : KEYS) {
            if (!values.has(key)) {
                throw new IllegalArgumentException(where + ": the setting '" + key + "' is missing");
            }
        }
        refuseWrongTypes(values);
        try {
            return JSON.treeToValue(values, Config.class);
        } catch (JacksonException e) {
            Throwable cause = e.getCause();
            String reason = cause instanceof IllegalArgumentException ? cause.getMessage() : e.getOriginalMessage();
            throw new IllegalArgumentException(where + ": " + reason, e);
        }
    }

    /** The configuration as TOML, one line a setting; {@link #parse} of it gives the same configuration. */
    public static String toml(Config config) {
        StringBuilder text = new StringBuilder();
        for (RecordComponent component : Config.class.getRecordComponents()) {
            Object value;
            try {
                value = component.getAccessor().invoke(config);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("setting " + component.getName() + " cannot be read", e);
            }
            text.append(component.getName()).append(" = ");
            boolean word = value instanceof String || value instanceof Enum;
            text.append(word ? JSON.writeValueAsString(choice(value)) : String.valueOf(value));
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * Where a configuration differs from one written before, "key = old, now new" each. A setting that the old text does not
     * know counts as it is in the base preset, as it was before there was that setting.
     *
     * @param written by {@link #toml(Config)}
     */
    public static List<String> differences(String written, Config now) {
        Map<String, String> old = lines(toml(preset(BASE, List.of())));
        old.putAll(lines(written));
        List<String> differences = new ArrayList<>();
        lines(toml(now)).forEach((key, value) -> {
            String before = old.getOrDefault(key, "");
            if (!before.equals(value)) {
                differences.add(key + " = " + before + ", now " + value);
            }
        });
        return differences;
    }

    private static Map<String, String> lines(String written) {
        Map<String, String> lines = new LinkedHashMap<>();
        written.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int equals = line.indexOf(" = ");
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 3));
            }
        });
        return lines;
    }

    private static ObjectNode toml(String where, String text) {
        try {
            return (ObjectNode) TOML.readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    where + ", line " + line + ": not TOML (key = value): " + e.getOriginalMessage(), e);
        }
    }

    /** A word that is no TOML value is taken as text, so that quotes need not survive the shell. */
    private static JsonNode value(String text) {
        try {
            return TOML.readTree("value = " + text).required("value");
        } catch (JacksonException e) {
            return JSON.getNodeFactory().stringNode(text);
        }
    }

    private static void refuseUnknown(String where, String key) {
        if (!KEYS.contains(key)) {
            String nearest = KEYS.stream()
                    .min(Comparator.comparingInt(known -> distance(known, key)))
                    .orElseThrow();
            throw new IllegalArgumentException(where + ": there is no setting '" + key + "'; did you mean '" + nearest
                    + "'? The settings are " + String.join(", ", KEYS));
        }
    }

    private static void refuseWrongTypes(ObjectNode values) {
        Map<Class<?>, String> expected = Map.of(
                long.class, "a whole number",
                int.class, "a whole number",
                double.class, "a number",
                boolean.class, "true or false",
                String.class, "text",
                List.class, "a list of whole numbers such as [32, 64]");
        for (RecordComponent component : Config.class.getRecordComponents()) {
            JsonNode value = values.required(component.getName());
            Class<?> type = component.getType();
            if (type.isEnum()) {
                readChoice(component.getName(), type, values);
                continue;
            }
            boolean fits = type == boolean.class
                    ? value.isBoolean()
                    : type == String.class
                            ? value.isString()
                            : type == List.class
                                    ? value.isArray() && value.valueStream().allMatch(JsonNode::isInt)
                                    : type == double.class ? value.isNumber() : value.isIntegralNumber();
            if (!fits) {
                throw new IllegalArgumentException(
                        "setting " + component.getName() + " is " + value + ", expected " + expected.get(type));
            }
        }
    }

    /** A constant as it is written in a file, {@code RISKY_SAFE} as "risky-safe"; other values as they are. */
    private static Object choice(Object value) {
        return value instanceof Enum<?> constant
                ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : value;
    }

    /** Exchanges a written constant by its name, and refuses what is none. */
    private static void readChoice(String key, Class<?> type, ObjectNode values) {
        String written = values.required(key).asString("");
        for (Object constant : type.getEnumConstants()) {
            if (choice(constant).equals(written)) {
                values.put(key, ((Enum<?>) constant).name());
                return;
            }
        }
        throw new IllegalArgumentException("setting " + key + " is " + values.required(key) + ", expected "
                + Arrays.stream(type.getEnumConstants())
                        .map(constant -> "\"" + choice(constant) + "\"")
                        .collect(Collectors.joining(" or ")));
    }

    /** Letters to insert, drop or exchange to make one word of another (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchange = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchange, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
