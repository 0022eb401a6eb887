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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of a run, in the form of {@code result.json}: accuracy and attack success of each method after training on one
 * poisoned data set.
 *
 * @param seed random seed
 * @param backend name of the backend
 * @param attack label of the attacks
 * @param pairs N, pairs of the poisoned training set
 * @param poisons number of poisons
 * @param targets target classes with their poisons and clean pairs
 * @param runs one run for each method, in the order of training
 */
public record Result(
        long seed, String backend, String attack, int pairs, int poisons, List<Target> targets, List<Run> runs) {

    /**
     * A target class of an attack.
     *
     * @param attack name of the attack
     * @param name name of the class
     * @param poisons poisons for this class
     * @param cleanPairs clean pairs whose caption names the class
     */
    public record Target(String attack, String name, int poisons, int cleanPairs) {}

    /**
     * The run of one method.
     *
     * @param method name of the method, such as "clip"
     * @param scores evaluation at the end of training
     * @param safeSet safe set of every split, in order; empty if the method does not split
     * @param epochs trained epochs
     * @param seconds training time
     * @param costs compute cost of the phases, in order
     * @param withoutTrigger attacked inputs without their trigger that are classified as the attacker's class; null if the attack
     *     has no trigger
     * @param further success of the attacks after the first, by name
     * @param budget what the training was given; null if the metrics do not tell
     */
    public record Run(
            String method,
            Scores scores,
            List<SafeSet> safeSet,
            int epochs,
            double seconds,
            List<Cost> costs,
            @JsonProperty("unmarked") @Nullable Interval withoutTrigger,
            Map<String, Interval> further,
            @Nullable Budget budget) {

        /** A run whose budget is not known. */
        public Run(
                String method,
                Scores scores,
                List<SafeSet> safeSet,
                int epochs,
                double seconds,
                List<Cost> costs,
                @Nullable Interval withoutTrigger,
                Map<String, Interval> further) {
            this(method, scores, safeSet, epochs, seconds, costs, withoutTrigger, further, null);
        }

        /**
         * Copies the lists.
         *
         * @throws InvalidInputException if the scores have no attack success
         */
        public Run {
            if (scores.attack() == null) {
                throw new InvalidInputException("result: " + method + " was not tested on any attacked image");
            }
            safeSet = List.copyOf(safeSet);
            costs = List.copyOf(costs);
            further = Collections.unmodifiableMap(new LinkedHashMap<>(further)); // Map.copyOf does not keep the order
        }

        /** The rates of the model by their names in tables. */
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

        /** Attack success: attacked inputs classified as the attacker's class. */
        public Interval attackSuccess() {
            return Objects.requireNonNull(scores.attack()).top1();
        }
    }

    /**
     * What a training was given: methods are compared fairly where both are equal.
     *
     * @param steps steps of the optimiser
     * @param images images in all batches, every view counted
     */
    public record Budget(long steps, long images) {}

    /**
     * The safe set of one epoch.
     *
     * @param epoch epoch that trains on it, from 1
     * @param size pairs in the safe set
     * @param poisons poisons in the safe set; 0 if the poisons are not known
     */
    public record SafeSet(int epoch, int size, int poisons) {}

    /**
     * The compute cost of all epochs of a phase, without evaluation and diagnostics.
     *
     * @param phase name of the phase
     * @param epochs number of epochs
     * @param seconds wall-clock time
     * @param cpuSeconds CPU time over all cores, in seconds
     * @param scoringCpuSeconds CPU seconds to embed and score all pairs
     * @param mixtureCpuSeconds CPU seconds to fit the mixture
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

    /** Results of versions that measured no margin are read, too. */
    private static void completed(JsonNode run) {
        if (run.path("scores") instanceof ObjectNode scores && !scores.has("margin")) {
            scores.putNull("margin");
        }
    }

    /** The run of a method, empty if there is none. */
    public Optional<Run> run(String method) {
        return runs.stream().filter(run -> run.method().equals(method)).findFirst();
    }

    /** The result as indented JSON, ending with a line feed. */
    public String json() {
        return Json.EXACT.writeValueAsString(this) + "\n";
    }

    /** Writes the JSON atomically, replacing an existing file. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, json());
    }

    /**
     * Reads a file written by {@link #write}.
     *
     * @throws InvalidInputException if it is not a result
     */
    public static Result read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        try {
            JsonNode tree = Json.EXACT.readTree(text);
            tree.path("runs").forEach(Result::completed);
            return Json.EXACT.treeToValue(tree, Result.class);
        } catch (JacksonException e) {
            throw new InvalidInputException(file + ": not a result.json of this program: " + e.getOriginalMessage(), e);
        }
    }
}
