package org.safeclip.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No golden case is forgotten: the test sources of all modules name its operation, or it is listed as skipped. */
final class GoldenCoverageTest {
    private static final Pattern TESTS = Pattern.compile("Golden\\s*\\.tests\\(([^()]*)\\)");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    @Test
    void everyCaseIsTestedOrListedAsSkipped() throws IOException {
        Set<String> named = namedInTests(Path.of(".."));
        List<String> forgotten = Golden.all().stream()
                .filter(golden -> !Golden.SKIPPED.containsKey(golden.id()))
                .filter(golden -> named.stream().noneMatch(golden::is))
                .map(GoldenCase::id)
                .toList();
        assertThat(forgotten).as("cases that no Golden.tests(...) names").isEmpty();
    }

    @Test
    void onlyCasesThatThereAreAreSkipped() {
        assertThat(Golden.all())
                .extracting(GoldenCase::id)
                .doesNotHaveDuplicates()
                .containsAll(Golden.SKIPPED.keySet());
    }

    private static Set<String> namedInTests(Path root) throws IOException {
        Set<String> named = new TreeSet<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean other =
                        name.equals("target") || name.equals("main") || (name.startsWith(".") && !folder.equals(root));
                return other ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith("Test.java")) {
                    Matcher tests = TESTS.matcher(Files.readString(file));
                    while (tests.find()) {
                        QUOTED.matcher(tests.group(1)).results().forEach(quoted -> named.add(quoted.group(1)));
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return named;
    }
}
