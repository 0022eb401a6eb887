package org.safeclip.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the declarations of settings records. A component is either a setting, annotated with {@link Setting}, or a settings record of
 * its own (a nested table).
 */
public final class Settings {
    private Settings() {}

    /** A record with the default of every setting. */
    public static <R extends Record> R defaults(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = isTable(components[i])
                    ? defaults(components[i].getType().asSubclass(Record.class))
                    : parse(components[i], setting(components[i]).value());
        }
        return create(type, values);
    }

    /**
     * A copy with one setting changed, such as {@code with(settings, "growth", 0.1)}.
     *
     * @throws InvalidInputException if there is no such setting or it cannot have this value
     */
    public static <R extends Record> R with(R settings, String name, Object value) {
        return with(settings, Map.of(name, value));
    }

    /**
     * A copy with some settings changed at once, such as {@code with(settings, Map.of("warmupEpochs", 5, "growth", 0.01))}.
     *
     * @param changes values by the names of their settings
     * @throws InvalidInputException if there is no such setting or the values cannot stand together
     */
    public static <R extends Record> R with(R settings, Map<String, ?> changes) {
        RecordComponent[] components = settings.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Set<String> unknown = new TreeSet<>(changes.keySet());
        for (int i = 0; i < values.length; i++) {
            Object changed = changes.get(components[i].getName());
            values[i] = changed == null ? get(settings, components[i]) : changed;
            unknown.remove(components[i].getName());
        }
        if (!unknown.isEmpty()) {
            throw new InvalidInputException(table(settings.getClass()) + " has no setting '"
                    + String.join("', '", unknown) + "'; it has "
                    + Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.joining(", ")));
        }
        @SuppressWarnings("unchecked") // a record class is final
        Class<R> type = (Class<R>) settings.getClass();
        return create(type, values);
    }

    /**
     * Refuses values outside their declared ranges; called by the compact constructor of every settings record.
     *
     * @param values of all components, in order
     * @throws InvalidInputException that names the setting, its value and its range
     */
    public static void check(Class<? extends Record> type, Object... values) {
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (!isTable(components[i]) && values[i] instanceof Number number) {
                Range range = range(components[i]);
                if (!range.contains(number.doubleValue())) {
                    throw new InvalidInputException(
                            key(type, components[i].getName()) + " is " + number + ", expected " + range);
                }
            }
        }
    }

    /** Refuses a value for a reason that no range can express. */
    public static void require(
            boolean holds, Class<? extends Record> type, String name, Object value, String expected) {
        if (!holds) {
            throw new InvalidInputException(key(type, name) + " is " + value + ", expected " + expected);
        }
    }

    /** The full name of a setting, such as {@code safeclip.growth}. */
    public static String key(Class<?> type, String name) {
        return table(type) + "." + name;
    }

    /** The table of a settings record, such as {@code safeclip}. */
    public static String table(Class<?> type) {
        return Objects.requireNonNull(type.getAnnotation(SettingsTable.class), type + " is no settings record")
                .value();
    }

    /** Whether a component is a settings record of its own. */
    public static boolean isTable(RecordComponent component) {
        return component.getType().isAnnotationPresent(SettingsTable.class);
    }

    /** The declaration of a setting. */
    public static Setting setting(RecordComponent component) {
        return Objects.requireNonNull(
                component.getAnnotation(Setting.class),
                () -> component.getDeclaringRecord() + ": " + component.getName() + " has no @Setting");
    }

    /** What a setting does, in one sentence without a full stop. */
    public static String meaning(RecordComponent component) {
        return Objects.requireNonNull(
                        component.getAnnotation(Meaning.class),
                        () -> component.getDeclaringRecord() + ": " + component.getName() + " has no @Meaning")
                .value();
    }

    /** The numbers that a setting may be. */
    public static Range range(RecordComponent component) {
        return Range.parse(setting(component).range());
    }

    /** The value of a component. */
    public static Object get(Record settings, RecordComponent component) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("setting " + component.getName() + " cannot be read", e);
        }
    }

    /**
     * A settings record of these values.
     *
     * @throws InvalidInputException if its constructor refuses them
     */
    public static <R extends Record> R create(Class<R> type, @Nullable Object... values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(type + " cannot be created", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be created", e);
        }
    }

    /** The constant of a choice as it is written in files: {@code RISKY_SAFE} is "risky-safe". */
    public static String choice(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Object parse(RecordComponent component, String text) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> choice((Enum<?>) constant).equals(text))
                    .findFirst()
                    .orElseThrow();
        }
        return switch (type.getSimpleName()) {
            case "int" -> Integer.valueOf(text);
            case "long" -> Long.valueOf(text);
            case "double" -> Double.valueOf(text);
            case "boolean" -> Boolean.valueOf(text);
            case "String" -> text;
            case "List" -> integers(text);
            default -> throw new IllegalStateException("a setting cannot be a " + type);
        };
    }

    /** The numbers of "[32, 64]". */
    private static List<Integer> integers(String text) {
        return Arrays.stream(text.replaceAll("[\\[\\] ]", "").split(",", -1))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }
}
