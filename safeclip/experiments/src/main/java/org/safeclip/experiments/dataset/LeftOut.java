package org.safeclip.experiments.dataset;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was left out of a set, counted by reason, with the first as an example. */
final class LeftOut {
    private final Map<String, Integer> reasons = new LinkedHashMap<>();
    private @Nullable String example;

    /**
     * Counts one.
     *
     * @param reason what is wrong with it, without details
     * @param where where it is, and the details
     */
    void add(String reason, String where) {
        add(reason, 1);
        if (example == null) {
            example = where;
        }
    }

    private void add(String reason, int count) {
        reasons.merge(reason, count, Integer::sum);
    }

    /** The number left out. */
    int count() {
        return reasons.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The first that is left out, with its place and reason. */
    String example() {
        return String.valueOf(example);
    }

    /** The reasons, "reason: count" each. */
    String counts() {
        return reasons.entrySet().stream()
                .map(reason -> reason.getKey() + ": " + reason.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The line for the user; null if nothing was left out. */
    @Nullable
    String remark(String what, long all) {
        return reasons.isEmpty()
                ? null
                : String.format(
                        Locale.ROOT, "%,d of %,d %s left out: %s; such as %s", count(), all, what, counts(), example);
    }

    /** As text, for {@link #parse}. */
    String serialise() {
        StringBuilder text = new StringBuilder();
        text.append(example == null ? "" : escaped(example)).append('\n');
        reasons.forEach((reason, count) ->
                text.append(count).append('\t').append(escaped(reason)).append('\n'));
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    /** Reads the text of {@link #serialise}. */
    static LeftOut parse(String text) {
        LeftOut all = new LeftOut();
        String[] lines = text.split("\n", -1);
        all.example = lines[0].isEmpty() ? null : lines[0].translateEscapes();
        for (int i = 1; i < lines.length; i++) {
            int tab = lines[i].indexOf('\t');
            if (tab > 0) {
                all.add(lines[i].substring(tab + 1).translateEscapes(), Integer.parseInt(lines[i].substring(0, tab)));
            }
        }
        return all;
    }
}
