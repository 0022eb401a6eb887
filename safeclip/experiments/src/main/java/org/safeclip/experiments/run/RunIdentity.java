package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;

/** What a checkpoint says of the run that wrote it: method, attack, configuration, tokenizer and a hash of the pairs. */
public final class RunIdentity {
    private static final String PAIRS = "pairs";
    private static final String CONFIG = "config";
    private static final String TOKENIZER = "tokenizer";

    /** The order in which they are compared: other pairs have another tokenizer, too. */
    private static final List<String> KEYS = List.of("trained", "attack", CONFIG, PAIRS, TOKENIZER);

    private RunIdentity() {}

    /** The metadata that identifies a checkpoint's run; sufficient to recreate the model. */
    static Map<String, String> of(Experiment experiment, String method) {
        return Map.of(
                "trained",
                method.toUpperCase(Locale.ROOT).replace('-', '_'),
                "attack",
                experiment.attackLabel(),
                CONFIG,
                ConfigFile.toml(experiment.config()),
                TOKENIZER,
                experiment.tokenizer().serialise(),
                PAIRS,
                experiment.pairs().digest());
    }

    /**
     * Refuses a checkpoint of another run; does nothing if there is none yet.
     *
     * @throws CheckpointException if the checkpoint was written with another method, attack, configuration or tokenizer
     */
    public static void refuseOther(Path checkpoint, Experiment experiment, MethodCatalogue.Entry method)
            throws IOException {
        Path newest = CheckpointFiles.newest(checkpoint, _ -> {});
        if (newest == null) {
            return;
        }
        Map<String, String> metadata = Checkpoint.metadata(newest);
        Map<String, String> identity = of(experiment, method.name());
        for (String key : KEYS) {
            String mine = identity.getOrDefault(key, "");
            String saved =
                    metadata.getOrDefault(key, key.equals(PAIRS) ? mine : ""); // older ones have no hash of the pairs
            List<String> differences =
                    key.equals(CONFIG) ? ConfigFile.differencesIfMoved(saved, experiment.config()) : List.of();
            boolean same = key.equals(CONFIG) ? differences.isEmpty() : mine.equals(saved);
            if (!same) {
                throw new CheckpointException(newest + ": was written with another " + key + " than this run's"
                        + (differences.isEmpty() ? "" : " (" + String.join("; ", differences) + ")")
                        + (key.equals(PAIRS)
                                ? ": an image or a caption has changed; restore the data, or choose another folder"
                                : "; resume with its settings, or choose another folder"));
            }
        }
    }

    /** Whether a method can continue from a checkpoint of {@code before} with this metadata, trained in the same experiment. */
    static boolean canContinue(
            Map<String, String> metadata, Experiment experiment, String before, MethodCatalogue.Entry method) {
        Map<String, String> wanted = new TreeMap<>(of(experiment, before));
        wanted.remove(CONFIG); // may differ in settings that the continued method does not use
        return wanted.entrySet().stream().allMatch(mine -> mine.getValue().equals(metadata.get(mine.getKey())))
                && sameUntil(metadata.getOrDefault(CONFIG, ""), experiment.config(), method);
    }

    /** Whether two configurations differ only in evaluation settings and those of a method that continues another one. */
    public static boolean sameUntil(ExperimentConfig before, ExperimentConfig config, MethodCatalogue.Entry method) {
        return sameUntil(ConfigFile.toml(before), config, method);
    }

    private static boolean sameUntil(String before, ExperimentConfig config, MethodCatalogue.Entry method) {
        return ConfigFile.differences(before, config).stream()
                .allMatch(difference ->
                        difference.startsWith(method.name() + ".") || difference.startsWith("evaluation."));
    }
}
