package org.safeclip;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.InvalidInputException;

/** What a {@link TrainingMethod} writes down so that it can resume: named counts, numbers, pools and splits, in the form of a checkpoint. */
public final class MethodState {
    private final Map<String, String> text;
    private final Map<String, int[]> integers;
    private final Map<String, float[]> numbers;

    /** An empty state. */
    public MethodState() {
        this(new TreeMap<>(), new HashMap<>(), new HashMap<>());
    }

    /** A state read from a checkpoint. */
    public MethodState(Map<String, String> text, Map<String, int[]> integers, Map<String, float[]> numbers) {
        this.text = text;
        this.integers = integers;
        this.numbers = numbers;
    }

    /** Entries that are text. */
    public Map<String, String> text() {
        return text;
    }

    /** Entries that are runs of integers. */
    public Map<String, int[]> integers() {
        return integers;
    }

    /** Entries that are runs of floats. */
    public Map<String, float[]> numbers() {
        return numbers;
    }

    /** Whether there is a text entry of that name. */
    public boolean has(String name) {
        return text.containsKey(name);
    }

    /** Keeps a count. */
    public void put(String name, long count) {
        text.put(name, Long.toString(count));
    }

    void put(String name, double number) {
        text.put(name, Double.toString(number));
    }

    /** Keeps a pool. */
    public void put(String name, NeighbourPool pool) {
        numbers.put(name, pool.rows().toArray());
        put(name, pool.pointer());
    }

    void put(String name, SafeSplit split) {
        put(name + ".share", split.share());
        integers.put(name, split.safe());
    }

    /** Keeps numbers. */
    void put(String name, float[] kept) {
        numbers.put(name, kept);
    }

    /** Numbers, if there are any of that name. */
    Optional<float[]> numbers(String name) {
        return Optional.ofNullable(numbers.get(name));
    }

    /** A count. */
    public long count(String name) {
        return Long.parseLong(entry(text, name));
    }

    /** A number. */
    public double number(String name) {
        return Double.parseDouble(entry(text, name));
    }

    /** Overwrites a pool. */
    public void restore(String name, NeighbourPool pool) {
        pool.restore(entry(numbers, name), Math.toIntExact(count(name)));
    }

    SafeSplit split(String name, int pairs) {
        return SafeSplit.of(entry(integers, name), pairs, number(name + ".share"));
    }

    private static <T> T entry(Map<String, T> entries, String name) {
        T found = entries.get(name);
        if (found == null) {
            throw new InvalidInputException("the checkpoint has no entry '" + name
                    + "'; it was written by another method or version, start the run anew");
        }
        return found;
    }
}
