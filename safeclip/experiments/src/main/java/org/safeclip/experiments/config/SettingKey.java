package org.safeclip.experiments.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;

/**
 * A setting of an experiment.
 *
 * @param key full name, such as {@code safeclip.growth}
 * @param component declaration in its settings record
 */
public record SettingKey(String key, RecordComponent component) {
    /** All settings in declaration order. */
    public static List<SettingKey> all() {
        List<SettingKey> keys = new ArrayList<>();
        collect("", ExperimentConfig.class, keys);
        return keys;
    }

    private static void collect(String prefix, Class<?> type, List<SettingKey> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + component.getName();
            if (Settings.isTable(component)) {
                collect(key + ".", component.getType(), keys);
            } else {
                keys.add(new SettingKey(key, component));
            }
        }
    }

    /** The TOML table of the setting, such as {@code model.text}; empty for the top of the file. */
    public String table() {
        int dot = key.lastIndexOf('.');
        return dot < 0 ? "" : key.substring(0, dot);
    }

    /** What the setting does, one sentence. */
    public String meaning() {
        return Settings.meaning(component);
    }

    /** Default, range and source of the setting. */
    public Setting setting() {
        return Settings.setting(component);
    }

    /** The allowed values in words: choices, or a type and its range. */
    public String expected() {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> Settings.choice((Enum<?>) constant))
                    .collect(Collectors.joining(" or "));
        }
        return switch (type.getSimpleName()) {
            case "int", "long" -> "a whole number" + bounds();
            case "double" -> "a number" + bounds();
            case "boolean" -> "true or false";
            case "String" -> "text";
            default -> "a list of whole numbers such as [32, 64]";
        };
    }

    private String bounds() {
        String range = Settings.range(component).toString();
        return range.equals("a number") ? "" : " " + range;
    }
}
