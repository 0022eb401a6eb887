package org.safeclip.experiments.grid;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.source.TextFile;
import org.safeclip.settings.InvalidInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * The runs to compare: for every block, each method under each attack with each seed.
 *
 * @param name name of the grid
 * @param cells runs in the order of execution
 */
public record Grid(String name, List<Cell> cells) {
    private static final List<String> PRESETS = List.of(
            "compare-emoji", "confirm-emoji", "ablations-emoji", "agreement-emoji", "doses-emoji", "agreement-clipart");
    private static final TomlMapper TOML = TomlMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * The structure of a grid file.
     *
     * @param preset preset of all runs
     * @param variants methods with changed settings, by row name
     * @param block all blocks
     */
    record Form(
            @Nullable String preset,
            @Nullable Map<String, Variant> variants,
            @Nullable List<Block> block) {}

    /**
     * A method with changed settings.
     *
     * @param method name of the method
     * @param settings {@code key=value} each
     */
    record Variant(@Nullable String method, @Nullable List<String> settings) {}

    /**
     * A product of attacks, methods and seeds.
     *
     * @param attacks names of attacks
     * @param methods names of methods or variants
     * @param seeds random seeds
     * @param settings settings of all runs of the block, {@code key=value} each
     */
    record Block(
            @Nullable List<String> attacks,
            @Nullable List<String> methods,
            @Nullable List<Long> seeds,
            @Nullable List<String> settings) {}

    /** Copies the list. */
    public Grid {
        cells = List.copyOf(cells);
    }

    /**
     * Reads a grid from a file or a preset.
     *
     * @param overrides settings of every run, {@code key=value} each, which override those of the file
     * @throws InvalidInputException if there is no such file or preset, or its content is wrong
     */
    public static Grid read(String fileOrPreset, List<String> overrides) throws IOException {
        if (PRESETS.contains(fileOrPreset)) {
            return parse(fileOrPreset, fileOrPreset, resource(fileOrPreset), overrides);
        }
        Path file = Path.of(fileOrPreset);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("'" + fileOrPreset + "' is neither a file nor a preset; the presets are "
                    + String.join(", ", PRESETS));
        }
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.toml$", "");
        return parse(name, fileOrPreset, TextFile.read(file), overrides);
    }

    private static String resource(String name) {
        try (InputStream in = Grid.class.getResourceAsStream("presets/" + name + ".toml")) {
            if (in == null) {
                throw new IOException("resource is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("preset " + name + " cannot be read: rebuild the program", e);
        }
    }

    static Grid parse(String name, String where, String text, List<String> overrides) {
        Form form;
        try {
            form = TOML.readValue(text, Form.class);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InvalidInputException(
                    where + ", line " + line + ": " + e.getOriginalMessage()
                            + "; expected preset, [variants.NAME] with method and settings, and [[block]] with attacks,"
                            + " methods, seeds and settings",
                    e);
        }
        List<Block> blocks = given(form.block(), where, "[[block]]");
        Map<String, Variant> variants = form.variants() == null ? Map.of() : new TreeMap<>(form.variants());
        String preset = form.preset() == null ? ConfigFile.DEFAULT_PRESET : form.preset();
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (Block block : blocks) {
            for (String attack : given(block.attacks(), where, "attacks")) {
                for (long seed : given(block.seeds(), where, "seeds")) {
                    for (String row : given(block.methods(), where, "methods")) {
                        Cell cell = cell(where, preset, variants, block, attack, seed, row, overrides);
                        Cell twin = cells.put(cell.folder(Path.of("")).toString(), cell);
                        if (twin != null && !twin.equals(cell)) {
                            throw new InvalidInputException(
                                    where + ": " + cell
                                            + " occurs twice with different settings; give one of them another name under [variants]");
                        }
                    }
                }
            }
        }
        return new Grid(name, List.copyOf(cells.values()));
    }

    private static Cell cell(
            String where,
            String preset,
            Map<String, Variant> variants,
            Block block,
            String attack,
            long seed,
            String row,
            List<String> overrides) {
        Variant variant = variants.get(row);
        List<String> settings = new ArrayList<>();
        settings.addAll(block.settings() == null ? List.of() : block.settings());
        settings.addAll(variant == null || variant.settings() == null ? List.of() : variant.settings());
        settings.addAll(overrides);
        settings.add("seed=" + seed);
        try {
            List<String> attacks = AttackCatalogue.STANDARD.parse(List.of(attack));
            if (attacks.isEmpty()) {
                throw new InvalidInputException("attack '" + attack
                        + "': a grid needs an attack, such as targeted; for clean training use the command train");
            }
            String method = variant == null ? row : given(variant.method(), where, "method of variant '" + row + "'");
            return new Cell(
                    row,
                    MethodCatalogue.STANDARD.named(method),
                    attacks,
                    ConfigFile.preset(preset, settings).absolute());
        } catch (InvalidInputException e) {
            throw new InvalidInputException(where + ": row '" + row + "': " + e.getMessage(), e);
        }
    }

    private static <T> T given(@Nullable T value, String where, String what) {
        if (value == null || (value instanceof List<?> list && list.isEmpty())) {
            throw new InvalidInputException(where + ": " + what + " is missing or empty");
        }
        return value;
    }
}
