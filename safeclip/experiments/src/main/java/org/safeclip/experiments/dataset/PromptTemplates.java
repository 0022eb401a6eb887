package org.safeclip.experiments.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.safeclip.experiments.source.TextFile;
import org.safeclip.settings.InvalidInputException;

/**
 * Prompt templates for zero-shot classification, one per line of a file: {@code {}} is replaced by the class name,
 * <code>{a}</code> by "a" or "an". Lines that begin with # are comments.
 *
 * @param lines templates, at least one
 */
public record PromptTemplates(List<String> lines) {
    /** The names of the embedded lists of templates. */
    public static final List<String> NAMES = List.of("kinds", "concepts", "imagenet");

    /**
     * Copies the list.
     *
     * @throws InvalidInputException if there is no template, or one has no place for the class name
     */
    public PromptTemplates {
        lines = List.copyOf(lines);
        if (lines.isEmpty()) {
            throw new InvalidInputException("no template: expected lines such as \"a photo of {a} {}.\"");
        }
        for (String line : lines) {
            if (!line.contains("{}")) {
                throw new InvalidInputException(
                        "template \"" + line + "\" has no place for the class name; write {} there");
            }
        }
    }

    /**
     * Loads the templates of a name in {@link #NAMES}, or of a file.
     *
     * @throws InvalidInputException if the file has no valid templates
     */
    public static PromptTemplates named(String nameOrFile) throws IOException {
        return NAMES.contains(nameOrFile) ? embedded(nameOrFile) : read(Path.of(nameOrFile));
    }

    /** Loads the templates of a name in {@link #NAMES}. */
    public static PromptTemplates embedded(String name) {
        try (InputStream in = PromptTemplates.class.getResourceAsStream("templates/" + name + ".txt")) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("embedded templates cannot be read: rebuild the program", e);
        }
    }

    private static PromptTemplates read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(file + ": is a folder; expected a file of templates, one per line");
        }
        try {
            return parse(TextFile.read(file));
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(file + ": is not UTF-8 text; expected templates, one per line", e);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(file + ": " + e.getMessage(), e);
        }
    }

    private static PromptTemplates parse(String text) {
        return new PromptTemplates(text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList());
    }

    /** Fills every template with a class name. */
    List<String> filled(String name) {
        boolean vowel = !name.isEmpty() && "aeiouAEIOU".indexOf(name.charAt(0)) >= 0;
        return lines.stream()
                .map(line -> line.replace("{a}", vowel ? "an" : "a").replace("{}", name))
                .toList();
    }
}
