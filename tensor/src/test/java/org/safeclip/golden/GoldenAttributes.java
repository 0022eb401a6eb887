package org.safeclip.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The attributes of a case, which remember those that were asked for. */
public final class GoldenAttributes {
    private final String where;
    private final Map<?, ?> values;
    private final Set<String> asked = new ConcurrentSkipListSet<>(); // by the threads of a test
    private final Map<String, GoldenAttributes> objects = new LinkedHashMap<>();

    GoldenAttributes(String where, Map<?, ?> values) {
        this.where = where;
        this.values = values;
    }

    /** Whether there is such an attribute; this does not count as asking for it. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A number. */
    public double number(String name) {
        return (double) value(name);
    }

    /** A number that must be whole. */
    public int integer(String name) {
        return whole(name, value(name));
    }

    /** Yes or no; no where it is absent. */
    public boolean flag(String name) {
        return has(name) && (boolean) value(name);
    }

    /** A text. */
    public String text(String name) {
        return (String) value(name);
    }

    /** A list of numbers. */
    public double[] numbers(String name) {
        return list(name).stream().mapToDouble(each -> (double) each).toArray();
    }

    /** A list of numbers that must be whole; empty where the attribute is null. */
    public int[] integers(String name) {
        return list(name).stream().mapToInt(each -> whole(name, each)).toArray();
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        return list(name).stream().map(each -> (String) each).toList();
    }

    /** Attributes within an attribute. */
    public GoldenAttributes object(String name) {
        return objects.computeIfAbsent(name, n -> new GoldenAttributes(where + " " + n, (Map<?, ?>) value(n)));
    }

    /** For an attribute with only one value that can be computed here: a case that has another must be listed as skipped. */
    public void require(String name, Object only) {
        Object value = value(name);
        if (!value.equals(only instanceof Number number ? number.doubleValue() : only)) {
            throw new AssertionError(where + ": " + name + " is " + value + ", but only " + only
                    + " can be computed; list the case in Golden.SKIPPED");
        }
    }

    /** Leaves attributes out: they do not bear upon the result, for the reason given. */
    public void leave(String reason, String... names) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(where + ": a reason is needed to leave attributes out");
        }
        asked.addAll(List.of(names));
    }

    /** The names of the attributes that were not read. */
    List<String> forgotten() {
        List<String> forgotten = new ArrayList<>();
        for (Object name : values.keySet()) {
            if (!asked.contains(name)) {
                forgotten.add("attribute " + name);
            }
        }
        objects.forEach((name, object) -> object.forgotten().forEach(each -> forgotten.add(each + " of " + name)));
        return forgotten;
    }

    private Object value(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new AssertionError(where + ": no attribute " + name + " among " + values.keySet());
        }
        asked.add(name);
        return value;
    }

    private List<?> list(String name) {
        return value(name) instanceof List<?> list ? list : List.of();
    }

    private int whole(String name, Object value) {
        double number = (double) value;
        if (number != Math.rint(number)) {
            throw new AssertionError(where + ": " + name + " is " + number + ", expected a whole number");
        }
        return (int) number;
    }
}
