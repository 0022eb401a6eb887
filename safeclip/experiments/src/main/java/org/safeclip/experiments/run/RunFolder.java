package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.settings.InvalidInputException;

/**
 * A folder that demo, train or a cell of compare has written.
 *
 * @param folder the folder
 * @param command what was run, such as "demo" or "train --method clip"
 * @param attacks names of the attacks, in order
 * @param config all settings
 */
public record RunFolder(Path folder, String command, List<String> attacks, ExperimentConfig config) {
    private static final Pattern HEADER = Pattern.compile("# (.*), attack: (.*)");

    /** Copies the list. */
    public RunFolder {
        attacks = List.copyOf(attacks);
    }

    /**
     * Opens a folder.
     *
     * @throws InvalidInputException if it holds no run
     */
    public static RunFolder open(Path folder) throws IOException {
        Path settings = folder.resolve("config.toml");
        if (!Files.isRegularFile(settings)) {
            throw new InvalidInputException(
                    folder + ": is not the folder of a run: it has no config.toml; name the DIR of demo or train");
        }
        String text = Files.readString(settings);
        Matcher header = HEADER.matcher(text.lines().findFirst().orElse(""));
        if (!header.matches()) {
            throw new InvalidInputException(settings + ": does not say in its first line what was run");
        }
        return new RunFolder(
                folder,
                header.group(1),
                AttackCatalogue.STANDARD.parse(List.of(header.group(2))),
                ConfigFile.parse(settings.toString(), text, List.of()));
    }

    /** The first line of a run's settings, which says what was run. */
    public static String header(String command, List<String> attacks) {
        return "# " + command + ", attack: " + AttackCatalogue.label(attacks);
    }

    /** The events so far; none before the first. */
    public List<Event> events() throws IOException {
        Path metrics = folder.resolve("metrics.jsonl");
        return Files.exists(metrics) ? Metrics.read(metrics) : List.of();
    }

    /** The result, once all methods are finished. */
    public Optional<Result> result() throws IOException {
        Path result = folder.resolve("result.json");
        return Files.exists(result) ? Optional.of(Result.read(result)) : Optional.empty();
    }

    /** The checkpoint of each method, in the order of the catalogue. */
    public Map<String, Path> checkpoints() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> String.valueOf(file.getFileName()).endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
        Map<String, Path> found = new LinkedHashMap<>();
        for (Path file : files) {
            String trained = Checkpoint.metadata(file).getOrDefault("trained", "");
            found.put(trained.toLowerCase(Locale.ROOT).replace('_', '-'), file);
        }
        List<String> order = MethodCatalogue.STANDARD.names();
        Map<String, Path> sorted = new LinkedHashMap<>();
        found.keySet().stream()
                .sorted(Comparator.comparingInt(order::indexOf))
                .forEach(method -> sorted.put(method, found.get(method)));
        return sorted;
    }
}
