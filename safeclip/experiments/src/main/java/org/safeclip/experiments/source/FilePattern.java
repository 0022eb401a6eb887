package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.safeclip.settings.InvalidInputException;

/**
 * The files that a pattern stands for: numbers in braces, as in {@code shards/{00000..00331}.tar}, and {@code *} and {@code ?} in
 * the last part of a path.
 */
final class FilePattern {
    private static final Pattern RANGE = Pattern.compile("\\{(\\d{1,9})\\.\\.(\\d{1,9})}");
    private static final int MOST = 1_000_000;

    private FilePattern() {}

    /**
     * The files of a pattern, in order; a path that exists is taken as it is.
     *
     * @throws NoSuchFileException if there is no such file
     */
    static List<Path> files(String pattern) throws IOException {
        if (Pattern.matches("[a-z][a-z0-9+]+://.*", pattern)) {
            throw new InvalidInputException(
                    pattern + ": is an address; this program reads files only, so download the data first");
        }
        if (Files.exists(Path.of(pattern))) {
            return List.of(Path.of(pattern));
        }
        List<Path> files = new ArrayList<>();
        for (String name : expanded(pattern, MOST)) {
            if (name.indexOf('*') >= 0 || name.indexOf('?') >= 0) {
                files.addAll(matching(Path.of(name)));
            } else if (Files.exists(Path.of(name))) {
                files.add(Path.of(name));
            } else {
                throw new NoSuchFileException(name);
            }
        }
        if (files.isEmpty()) {
            throw new NoSuchFileException(pattern);
        }
        return files;
    }

    /** The names that the first range of numbers in braces stands for, and those of the others in turn. */
    private static List<String> expanded(String pattern, int most) {
        Matcher range = RANGE.matcher(pattern);
        if (!range.find()) {
            return List.of(pattern);
        }
        int from = Integer.parseInt(range.group(1));
        int to = Integer.parseInt(range.group(2));
        int count = to - from + 1;
        if (to < from || count > most) {
            throw new InvalidInputException(pattern + ": the range " + range.group() + " is empty or too long");
        }
        int digits = range.group(1).length();
        List<String> names = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            String number = String.format(Locale.ROOT, "%0" + digits + "d", i);
            names.addAll(expanded(
                    pattern.substring(0, range.start()) + number + pattern.substring(range.end()), most / count));
        }
        return names;
    }

    private static PathMatcher matcher(Path pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern.getFileName());
        } catch (PatternSyntaxException e) {
            throw new InvalidInputException(pattern + ": not a pattern of file names: " + e.getDescription(), e);
        }
    }

    private static List<Path> matching(Path pattern) throws IOException {
        Path folder = pattern.toAbsolutePath().normalize().getParent();
        PathMatcher matcher = matcher(pattern);
        try (Stream<Path> there = Files.list(Objects.requireNonNull(folder))) {
            return there.filter(file -> matcher.matches(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
