package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import picocli.CommandLine.ParseResult;

/** Links in the documents exist, and commands in README and guide are valid. */
class DocumentsTest {
    private static final Path ROOT =
            Path.of("../..").toAbsolutePath().normalize(); // tests run in their module's folder
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** The commands in fenced blocks, without comments and without {@code bench}, which is another program. */
    static Stream<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String document : List.of("README.md", "safeclip/GUIDE.md")) {
            Files.readAllLines(ROOT.resolve(document)).stream()
                    .filter(line -> line.startsWith("bin/safeclip ") && !line.startsWith("bin/safeclip bench"))
                    .map(line -> line.replaceFirst("\\s+#.*", ""))
                    .forEach(commands::add);
        }
        assertThat(commands).hasSizeGreaterThan(20);
        return commands.stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "safeclip/GUIDE.md", "CONTRIBUTING.md", "bench/README.md", "bench/RESULTS.md"})
    void linksLeadSomewhere(String document) throws IOException {
        Path file = ROOT.resolve(document);
        List<MatchResult> links = LINK.matcher(Files.readString(file)).results().toList();
        assertThat(links).isNotEmpty();
        for (MatchResult link : links) {
            assertThat(file.resolveSibling(link.group(1)))
                    .as("a link of %s", document)
                    .exists();
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsAreValid(String command) throws IOException {
        List<String> words = new ArrayList<>();
        WORD.matcher(command)
                .results()
                .skip(1) // bin/safeclip itself
                .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
        ParseResult parsed = Main.commandLine().parseArgs(words.toArray(String[]::new));
        assertThat(parsed.subcommand()).isNotNull();
        ConfigFile.preset(
                "tiny",
                words.stream().filter(word -> word.matches("[\\w.]+=.*")).toList());
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--attack")) {
                assertThat(AttackCatalogue.STANDARD.parse(List.of(words.get(i + 1))))
                        .isNotEmpty();
            }
        }
    }
}
