package org.safeclip.experiments.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.source.TextFile;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads and writes an {@link ExperimentConfig} as TOML with a table for each part. A file contains only settings that differ from
 * the defaults, or from the preset named by its key {@code base}; {@code key=value} on the command line overrides both.
 */
public final class ConfigFile {
    /** The preset of the default settings. */
    public static final String DEFAULT_PRESET = "tiny";

    private static final List<String> PRESETS = List.of(DEFAULT_PRESET, "quick", "paper", "small", "vit-b-32", "rn50");
    private static final Set<String> KEPT_WHERE = Set.of("data.inMemory", "data.cache");
    private static final String BASE = "base";
    private static final String COMMAND_LINE = "command line";
    private static final ObjectMapper TOML = new TomlMapper();
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Map<String, SettingKey> KEYS = SettingKey.all().stream()
            .collect(Collectors.toMap(SettingKey::key, key -> key, (a, b) -> a, LinkedHashMap::new));

    private ConfigFile() {}

    /**
     * Reads a preset and applies overrides.
     *
     * @param name {@code tiny}, the defaults, or another preset
     * @param overrides settings as {@code key=value}; the last one wins
     * @throws InvalidInputException if there is no such preset or setting, or a value is wrong
     */
    public static ExperimentConfig preset(String name, List<String> overrides) {
        return create("preset " + name, presetValues(name), overrides);
    }

    private static Map<String, JsonNode> presetValues(String name) {
        if (!PRESETS.contains(name)) {
            throw new InvalidInputException(
                    "there is no preset '" + name + "'; there are " + String.join(", ", PRESETS));
        }
        return name.equals(DEFAULT_PRESET) ? new LinkedHashMap<>() : values("preset " + name, resource(name));
    }

    private static String resource(String name) {
        try (InputStream in = ConfigFile.class.getResourceAsStream("presets/" + name + ".toml")) {
            if (in == null) {
                throw new IOException("resource is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("preset " + name + " cannot be read", e);
        }
    }

    /**
     * Reads a configuration file and applies overrides, {@code key=value} each.
     *
     * @throws InvalidInputException if the file is not TOML, a setting does not exist, or a value is wrong
     */
    public static ExperimentConfig read(Path file, List<String> overrides) throws IOException {
        return parse(file.toString(), TextFile.read(file), overrides);
    }

    /**
     * Parses a configuration and applies overrides, {@code key=value} each.
     *
     * @param where names the text in error messages
     */
    public static ExperimentConfig parse(String where, String text, List<String> overrides) {
        return create(where, values(where, text), overrides);
    }

    /** The configuration as TOML, which {@link #parse} reads back. */
    public static String toml(ExperimentConfig config) {
        StringBuilder text = new StringBuilder();
        String table = "";
        Map<String, String> lines = lines(config);
        for (SettingKey key : KEYS.values()) {
            if (!key.table().equals(table)) {
                table = key.table();
                text.append("\n[").append(table).append("]\n");
            }
            text.append(key.component().getName()).append(" = ");
            text.append(lines.get(key.key())).append('\n');
        }
        return text.toString();
    }

    /**
     * The differences between a saved configuration and the current one, each as "key = old, now new". A setting missing in the
     * saved text has its default; where decoded images are kept changes no result and makes no difference.
     *
     * @param written text of {@link #toml(ExperimentConfig)}, or of a version whose settings had no tables
     */
    public static List<String> differences(String written, ExperimentConfig now) {
        return differences(saved(written), now);
    }

    /**
     * The differences, but for the places of the user's own data, which may have moved: a run is
     * resumed only if the hash of the data is the same.
     *
     * @param written text of {@link #toml(ExperimentConfig)}, or of a version whose settings had no tables
     */
    public static List<String> differencesIfMoved(String written, ExperimentConfig now) {
        ExperimentConfig before = saved(written);
        return differences(
                Settings.with(
                        before, "data", before.data().movedTo(now.absolute().data())),
                now);
    }

    private static ExperimentConfig saved(String written) {
        return parse("the saved configuration", written, List.of()).absolute();
    }

    private static List<String> differences(ExperimentConfig before, ExperimentConfig now) {
        Map<String, String> old = lines(before);
        List<String> differences = new ArrayList<>();
        lines(now.absolute()).forEach((key, value) -> {
            if (!value.equals(old.get(key)) && !KEPT_WHERE.contains(key)) {
                differences.add(key + " = " + old.get(key) + ", now " + value);
            }
        });
        return differences;
    }

    /** The value of every setting as TOML, by key. */
    private static Map<String, String> lines(ExperimentConfig config) {
        Map<String, String> lines = new LinkedHashMap<>();
        collect("", config, lines);
        return lines;
    }

    private static void collect(String prefix, Record settings, Map<String, String> lines) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = Settings.get(settings, component);
            String key = prefix + component.getName();
            if (value instanceof Record table && Settings.isTable(component)) {
                collect(key + ".", table, lines);
            } else if (value instanceof Enum<?> constant) {
                lines.put(key, JSON.writeValueAsString(Settings.choice(constant)));
            } else {
                lines.put(key, value instanceof String ? JSON.writeValueAsString(value) : String.valueOf(value));
            }
        }
    }

    private static Map<String, JsonNode> values(String where, String text) {
        ObjectNode root = parseToml(where, text);
        JsonNode base = root.remove(BASE);
        Map<String, JsonNode> values = base == null ? new LinkedHashMap<>() : presetValues(base.asString());
        flatten(where, "", root, values);
        return values;
    }

    private static void flatten(String where, String prefix, ObjectNode table, Map<String, JsonNode> values) {
        for (Map.Entry<String, JsonNode> entry : table.properties()) {
            String key = prefix + entry.getKey();
            if (entry.getValue() instanceof ObjectNode nested) {
                flatten(where, key + ".", nested, values);
            } else {
                values.put(known(where, key), entry.getValue());
            }
        }
    }

    private static ObjectNode parseToml(String where, String text) {
        try {
            return (ObjectNode) TOML.readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InvalidInputException(
                    where + ", line " + line + ": not TOML (key = value): " + e.getOriginalMessage(), e);
        }
    }

    private static ExperimentConfig create(String where, Map<String, JsonNode> values, List<String> overrides) {
        Map<String, String> written = new LinkedHashMap<>(); // of each overridden setting the key as the user wrote it
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new InvalidInputException("'" + override + "' is not a setting; expected key=value");
            }
            String name = override.substring(0, equals).strip();
            String key = known(COMMAND_LINE, name);
            values.put(key, value(KEYS.get(key), override.substring(equals + 1).strip()));
            written.put(key, name);
        }
        try {
            return create("", ExperimentConfig.class, values);
        } catch (InvalidInputException e) {
            String message = String.valueOf(e.getMessage());
            String refused = message.substring(0, Math.max(0, message.indexOf(' ')));
            String name = written.get(refused);
            if (name == null) {
                throw new InvalidInputException(where + ": " + message, e);
            }
            String older = name.equals(refused) ? "" : " (" + name + ")";
            throw new InvalidInputException(
                    COMMAND_LINE + ": " + refused + older + message.substring(refused.length()), e);
        }
    }

    private static <R extends Record> R create(String prefix, Class<R> type, Map<String, JsonNode> values) {
        R defaults = Settings.defaults(type);
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            String key = prefix + component.getName();
            JsonNode given = values.get(key);
            if (Settings.isTable(component)) {
                arguments[i] = create(key + ".", component.getType().asSubclass(Record.class), values);
            } else if (given == null) {
                arguments[i] = Settings.get(defaults, component);
            } else {
                arguments[i] = convert(new SettingKey(key, component), given);
            }
        }
        return Settings.create(type, arguments);
    }

    /** Converts a TOML value to the type of its setting. */
    private static Object convert(SettingKey key, JsonNode value) {
        Class<?> type = key.component().getType();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> Settings.choice((Enum<?>) constant).equals(value.asString("")))
                    .findFirst()
                    .orElseThrow(() -> wrongType(key, value));
        }
        switch (type.getSimpleName()) {
            case "int" -> {
                if (value.isInt()) {
                    return value.intValue();
                }
            }
            case "long" -> {
                if (value.isIntegralNumber() && value.canConvertToLong()) {
                    return value.longValue();
                }
            }
            case "double" -> {
                if (value.isNumber()) {
                    return value.doubleValue();
                }
            }
            case "boolean" -> {
                if (value.isBoolean()) {
                    return value.booleanValue();
                }
            }
            case "String" -> {
                if (value.isString()) {
                    return value.stringValue();
                }
            }
            default -> {
                if (value.isArray() && value.valueStream().allMatch(JsonNode::isInt)) {
                    return value.valueStream().map(JsonNode::intValue).toList();
                }
            }
        }
        throw wrongType(key, value);
    }

    private static InvalidInputException wrongType(SettingKey key, JsonNode value) {
        return new InvalidInputException(key.key() + " is " + value + ", expected " + key.expected());
    }

    /**
     * Parses a value on the command line; what is not TOML is text, because the shell removes quotes. So is whatever is given for
     * a text without quotes, such as 7.
     */
    private static JsonNode value(@Nullable SettingKey key, String text) {
        JsonNode raw = JSON.getNodeFactory().stringNode(text);
        try {
            JsonNode value = TOML.readTree("value = " + text).required("value");
            boolean isText = key != null && key.component().getType() == String.class;
            return isText && !value.isString() ? raw : value;
        } catch (JacksonException e) {
            return raw;
        }
    }

    /**
     * The current key of a setting.
     *
     * @throws InvalidInputException if there is no such setting, with the most similar key
     */
    private static String known(String where, String written) {
        String key = LegacyKeys.current(written);
        if (!KEYS.containsKey(key)) {
            String nearest = KEYS.keySet().stream()
                    .min(Comparator.comparingInt((String name) -> distance(written, name)))
                    .orElseThrow();
            throw new InvalidInputException(where + ": there is no setting '" + written + "'; did you mean '" + nearest
                    + "'? 'safeclip settings' lists all");
        }
        return key;
    }

    /** Edit distance of a written key from a setting's full key or last part, whichever is smaller. */
    private static int distance(String written, String key) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        return Math.min(EditDistance.of(written, key), EditDistance.of(written, last));
    }
}
