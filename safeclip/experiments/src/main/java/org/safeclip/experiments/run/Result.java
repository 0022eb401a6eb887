package org.safeclip.experiments.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.settings.InvalidInputException;
import tools.jackson.core.JacksonException;

/**
 * The outcome of a demo: how well each method classifies and how often it was fooled, after training on the same
 * poisoned data. It is {@code result.json}, number for number.
 *
 * @param seed the one number behind all randomness
 * @param backend name of the device that computed it
 * @param attack name of the attack
 * @param pairs N, pairs of the poisoned training set
 * @param poisons poisoned pairs among them
 * @param targets what the attacks pull towards, and what stands against it
 * @param runs one for each method, in the order they were trained
 */
public record Result(
        long seed, String backend, String attack, int pairs, int poisons, List<Target> targets, List<Run> runs) {

    /**
     * A class that an attack pulls towards.
     *
     * @param attack its name
     * @param name of the class
     * @param poisons pairs that pull
     * @param cleanPairs honest pairs whose caption names the class
     */
    public record Target(String attack, String name, int poisons, int cleanPairs) {}

    /**
     * One trained method.
     *
     * @param method "clip" or "safeclip"
     * @param scores what it was asked, at the end of training
     * @param safeSet the safe set of every split, in order; empty where the method knows none
     * @param epochs epochs trained
     * @param seconds time taken
     * @param costs what its phases cost, in the order they came
     * @param withoutTrigger attacked images without their trigger that were taken for the attacker's class; null without trigger
     * @param further success of the attacks stacked behind the first, by name
     */
    public record Run(
            String method,
            Scores scores,
            List<SafeSet> safeSet,
            int epochs,
            double seconds,
            List<Cost> costs,
            @JsonProperty("unmarked") @Nullable Interval withoutTrigger,
            Map<String, Interval> further) {

        /** Copies the lists and refuses scores without an attack: a demo is about one. */
        public Run {
            if (scores.attack() == null) {
                throw new InvalidInputException("result: " + method + " was not asked about any attacked picture");
            }
            safeSet = List.copyOf(safeSet);
            costs = List.copyOf(costs);
            further = Collections.unmodifiableMap(new LinkedHashMap<>(further)); // Map.copyOf forgets the order
        }

        /** What the model is worth, by the names a table has for it. */
        public Map<String, Interval> measures() {
            Map<String, Interval> measures = new LinkedHashMap<>();
            further.forEach((attack, success) -> measures.put("Success of " + attack, success));
            measures.put("Concepts top-1", scores.fine().top1());
            measures.put("Concepts top-5", scores.fine().top5());
            measures.put("Kinds top-1", scores.coarse().top1());
            Interval probe = scores.linearProbe();
            if (probe != null) {
                measures.put("Linear probe", probe);
            }
            Retrieval retrieval = scores.retrieval();
            if (retrieval != null) {
                measures.put("Image to text R@1", retrieval.imageToText().at1());
                measures.put("Text to image R@1", retrieval.textToImage().at1());
            }
            Interval truth = scores.truth();
            if (truth != null) {
                measures.put("Attacked, true kind", truth);
            }
            return measures;
        }

        /** Attacked pictures that were called by the attacker's class. */
        public Interval attackSuccess() {
            return Objects.requireNonNull(scores.attack()).top1();
        }
    }

    /**
     * The safe set of one epoch.
     *
     * @param epoch the epoch that trained on it, counted from 1
     * @param size pairs in it
     * @param poisons poisons among those
     */
    public record SafeSet(int epoch, int size, int poisons) {}

    /**
     * What the epochs of a phase cost together, without evaluation and diagnosis.
     *
     * @param phase its name
     * @param epochs number of them
     * @param seconds time on the clock
     * @param cpuSeconds time on all cores
     * @param scoringCpuSeconds of those, embedding all pairs to score them
     * @param mixtureCpuSeconds of those, fitting the mixture
     */
    public record Cost(
            String phase,
            int epochs,
            double seconds,
            double cpuSeconds,
            double scoringCpuSeconds,
            double mixtureCpuSeconds) {}

    /** Copies the lists. */
    public Result {
        targets = List.copyOf(targets);
        runs = List.copyOf(runs);
    }

    /** The run of a method. */
    public Optional<Run> run(String method) {
        return runs.stream().filter(run -> run.method().equals(method)).findFirst();
    }

    /** The result as indented JSON, ending with a line feed. */
    public String json() {
        return Json.EXACT.writeValueAsString(this) + "\n";
    }

    /** Writes the JSON so that the file is always a whole one: the old, or the new. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, json());
    }

    /** Reads what {@link #write} wrote; a file of another form is refused. */
    public static Result read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        try {
            return Json.EXACT.readValue(text, Result.class);
        } catch (JacksonException e) {
            throw new InvalidInputException(file + ": not a result written by a demo: " + e.getOriginalMessage(), e);
        }
    }
}
