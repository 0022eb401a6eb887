package org.safeclip.nn.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Module;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.NdArray;

/**
 * Training state in one safetensors file: the model, the optimiser, and what the caller adds as free text (counters,
 * configuration, random states) and as flat arrays (the safe set, the pools).
 *
 * <p>Weights and buffers have their own names, so any reader of safetensors finds them; moments are {@code
 * optimizer.m.NAME} and {@code optimizer.v.NAME}, step counts {@code optimizer.steps}, the caller's arrays {@code
 * state.NAME}.
 *
 * @param metadata free text by key
 * @param integers integer arrays by name
 * @param numbers float arrays by name
 */
public record Checkpoint(Map<String, String> metadata, Map<String, int[]> integers, Map<String, float[]> numbers) {
    private static final int VERSION = 1;
    private static final String VERSION_KEY = "safeclip.checkpoint";
    private static final String DIGEST_KEY = "safeclip.sha256";
    private static final String OPTIMIZER = "optimizer.";
    private static final String FIRST = OPTIMIZER + "m.";
    private static final String SECOND = OPTIMIZER + "v.";
    private static final String STEPS = OPTIMIZER + "steps";
    private static final String STATE = "state.";

    /**
     * Last parts of names that published CLIP files may hold besides weights, and on which no embedding depends:
     * PyTorch's counter of batches, the causal mask (made anew here), the sizes in OpenAI's files, and the bias that a
     * sigmoid loss adds to all similarities alike.
     */
    private static final Set<String> HARMLESS = Set.of(
            "num_batches_tracked", "attn_mask", "input_resolution", "context_length", "vocab_size", "logit_bias");

    /** Sorts the entries by name, so that equal content gives equal files. */
    public Checkpoint {
        metadata = new TreeMap<>(metadata);
        integers = new TreeMap<>(integers);
        numbers = new TreeMap<>(numbers);
    }

    /** A checkpoint with this metadata and no arrays. */
    public static Checkpoint of(Map<String, String> metadata) {
        return new Checkpoint(metadata, Map.of(), Map.of());
    }

    /** Writes this state, the model and, if given, its optimiser; the file is replaced atomically. */
    public void save(Path path, Module model, @Nullable AdamW optimizer) throws IOException {
        Map<String, String> lines = new TreeMap<>(metadata);
        lines.put(VERSION_KEY, Integer.toString(VERSION));
        SafeTensorsWriter writer = new SafeTensorsWriter(lines);
        state(model).forEach((name, values) -> write(writer, name, values));
        if (optimizer != null) {
            moments(optimizer).forEach((name, values) -> write(writer, name, values));
            int[] steps = optimizer.steps();
            writer.ints(STEPS, new int[] {steps.length}, () -> steps);
        }
        integers.forEach((name, run) -> writer.ints(STATE + name, new int[] {run.length}, () -> run));
        numbers.forEach((name, run) -> writer.floats(STATE + name, new int[] {run.length}, () -> run));
        writer.write(path, DIGEST_KEY);
    }

    /**
     * Reads a file into the model and, if given, its optimiser; changes nothing unless every name and shape fits.
     *
     * @throws CheckpointException if a tensor is missing, surplus, of another shape or not finite, or the file is of a newer
     *     version
     */
    public static Checkpoint load(Path path, Module model, @Nullable AdamW optimizer) throws IOException {
        try (SafeTensors file = SafeTensors.open(path)) {
            checkVersion(path, file);
            file.verify(DIGEST_KEY);
            Map<String, NdArray> wanted = state(model);
            refuseSurplus(path, file, wanted);
            if (optimizer != null) {
                wanted.putAll(moments(optimizer));
            }
            refuseMissingAndMisshapen(path, file, wanted);
            wanted.keySet().forEach(name -> refuseNotFinite(path, file, name));
            int[] steps = optimizer == null ? new int[0] : steps(path, file, optimizer);
            wanted.forEach((name, values) -> values.set(file.floats(name)));
            if (optimizer != null) {
                optimizer.setSteps(steps);
            }
            return runs(file);
        }
    }

    /**
     * Checks that a file is what was written; files of other programs have no digest and pass.
     *
     * @throws CheckpointException if it is damaged
     */
    public static void verify(Path path) throws IOException {
        try (SafeTensors file = SafeTensors.open(path)) {
            file.verify(DIGEST_KEY);
        }
    }

    /** Reads the metadata alone, which tells which model to build. */
    public static Map<String, String> metadata(Path path) throws IOException {
        try (SafeTensors file = SafeTensors.open(path)) {
            checkVersion(path, file);
            return withoutVersion(file);
        }
    }

    private static void write(SafeTensorsWriter writer, String name, NdArray values) {
        writer.floats(name, values.shape().dims(), values::toArray);
    }

    private static Map<String, NdArray> state(Module model) {
        Map<String, NdArray> state = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            state.put(parameter.name(), parameter.tensor().value());
        }
        for (Buffer buffer : model.buffers()) {
            state.put(buffer.name(), buffer.values());
        }
        return state;
    }

    private static Map<String, NdArray> moments(AdamW optimizer) {
        Map<String, NdArray> moments = new LinkedHashMap<>();
        for (AdamW.Moments of : optimizer.moments()) {
            moments.put(FIRST + of.name(), of.first());
            moments.put(SECOND + of.name(), of.second());
        }
        return moments;
    }

    private static void checkVersion(Path path, SafeTensors file) {
        String version = file.metadata().get(VERSION_KEY);
        if (version != null && !version.equals(Integer.toString(VERSION))) {
            throw new CheckpointException(path + ": checkpoint version " + version + ", but this program reads version "
                    + VERSION + " (or plain weights); use the program that wrote it");
        }
    }

    private static void refuseSurplus(Path path, SafeTensors file, Map<String, NdArray> wanted) {
        List<String> surplus = new ArrayList<>(file.names());
        surplus.removeIf(name -> wanted.containsKey(name)
                || name.startsWith(OPTIMIZER)
                || name.startsWith(STATE)
                || HARMLESS.contains(name.substring(name.lastIndexOf('.') + 1)));
        if (!surplus.isEmpty()) {
            throw new CheckpointException(path + ": the model has no " + several(surplus)
                    + "; was the file written by a model of another architecture?");
        }
    }

    private static void refuseMissingAndMisshapen(Path path, SafeTensors file, Map<String, NdArray> wanted) {
        List<String> missing = new ArrayList<>(wanted.keySet());
        missing.removeIf(file::has);
        if (!missing.isEmpty()) {
            throw new CheckpointException(path + ": the file has no " + several(missing)
                    + (missing.getFirst().startsWith(OPTIMIZER)
                            ? "; it holds weights only and cannot resume training"
                            : "; was it written by a model of another architecture?"));
        }
        wanted.forEach((name, values) -> {
            int[] shape = file.shape(name).stream().mapToInt(Integer::intValue).toArray();
            if (!Arrays.equals(shape, values.shape().dims())) {
                throw new CheckpointException(path + ": tensor '" + name + "' has the shape " + Arrays.toString(shape)
                        + ", but the model's is " + values.shape() + "; build the model of the file's configuration");
            }
            if (!file.dtype(name).isFloat()) {
                throw new CheckpointException(
                        path + ": tensor '" + name + "' is " + file.dtype(name) + ", expected a float type");
            }
        });
    }

    private static void refuseNotFinite(Path path, SafeTensors file, String name) {
        float[] values = file.floats(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new CheckpointException(path + ": tensor '" + name + "' holds " + values[i] + " at element " + i
                        + "; the model had diverged or the file is damaged; use an earlier checkpoint");
            }
        }
    }

    private static int[] steps(Path path, SafeTensors file, AdamW optimizer) {
        int[] steps = file.ints(STEPS);
        if (steps.length != optimizer.moments().size() || Arrays.stream(steps).anyMatch(count -> count < 0)) {
            throw new CheckpointException(path + ": '" + STEPS + "' does not hold one count from 0 for each of "
                    + optimizer.moments().size() + " parameters");
        }
        return steps;
    }

    private static Checkpoint runs(SafeTensors file) {
        Map<String, int[]> integers = new TreeMap<>();
        Map<String, float[]> numbers = new TreeMap<>();
        for (String name : file.names()) {
            if (name.startsWith(STATE)) {
                String run = name.substring(STATE.length());
                if (file.dtype(name) == DType.I32) {
                    integers.put(run, file.ints(name));
                } else {
                    numbers.put(run, file.floats(name));
                }
            }
        }
        return new Checkpoint(withoutVersion(file), integers, numbers);
    }

    private static Map<String, String> withoutVersion(SafeTensors file) {
        Map<String, String> metadata = new TreeMap<>(file.metadata());
        metadata.remove(VERSION_KEY);
        metadata.remove(DIGEST_KEY);
        return metadata;
    }

    private static String several(List<String> names) {
        return "tensor '" + names.getFirst() + "'"
                + (names.size() == 1 ? "" : " (and " + (names.size() - 1) + " more)");
    }
}
