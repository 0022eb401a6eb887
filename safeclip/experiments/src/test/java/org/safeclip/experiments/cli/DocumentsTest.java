package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.SettingKey;
import picocli.CommandLine.ParseResult;

/** What README and guide say exists: links, paths, settings and names of the code; and their commands are valid. */
class DocumentsTest {
    private static final List<String> GUIDES = List.of("README.md", "safeclip/GUIDE.md");

    private static final Path ROOT =
            Path.of("../..").toAbsolutePath().normalize(); // tests run in their module's folder
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
    private static final Pattern NAME_IN_CODE = Pattern.compile("\\[`([^`]+)`\\]\\(([^)]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** The commands in fenced blocks and in the text, without comments and without {@code bench}, which is another program. */
    static Stream<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String document : GUIDES) {
            String text = Files.readString(ROOT.resolve(document));
            Stream.concat(text.lines().filter(line -> line.matches("(mpirun .*)?bin/safeclip .*")), inCode(text))
                    .filter(line -> line.contains("bin/safeclip "))
                    .map(line -> line.replaceFirst(".*?bin/safeclip ", "")
                            .replaceFirst("\\s+#.*", "")
                            .replaceFirst(" > .*|\\)$", ""))
                    .filter(line -> !line.startsWith("bench"))
                    .forEach(commands::add);
        }
        assertThat(commands).hasSizeGreaterThan(30);
        return commands.stream().distinct();
    }

    private static Stream<String> inCode(String text) {
        return CODE.matcher(text.replaceAll("(?s)```.*?```", "")).results().map(code -> code.group(1));
    }

    @Test
    void pathsAndSettingsExist() throws IOException {
        Set<String> settings = SettingKey.all().stream().map(SettingKey::key).collect(Collectors.toSet());
        Set<String> tables =
                settings.stream().map(key -> key.replaceFirst("\\..*", "")).collect(Collectors.toSet());
        List<String> paths = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (String document : GUIDES) {
            inCode(Files.readString(ROOT.resolve(document))).forEach(code -> {
                String name = code.replaceFirst("=.*", "");
                String start = name.replaceFirst("[./].*", "");
                if (code.matches("[\\w.-]+(/[\\w.-]+)+") && Files.isDirectory(ROOT.resolve(start))) {
                    paths.add(code);
                } else if (name.matches("\\w+\\.\\w+") && tables.contains(start)) {
                    keys.add(name);
                }
            });
        }
        assertThat(paths)
                .isNotEmpty()
                .allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
        assertThat(keys).isNotEmpty();
        assertThat(settings).containsAll(keys);
    }

    @Test
    void namesAreInTheFilesTheyLinkTo() throws IOException {
        Path guide = ROOT.resolve("safeclip/GUIDE.md");
        List<MatchResult> names =
                NAME_IN_CODE.matcher(Files.readString(guide)).results().toList();
        assertThat(names).hasSizeGreaterThan(15);
        for (MatchResult name : names) {
            assertThat(guide.resolveSibling(name.group(2)))
                    .content()
                    .as(name.group(2))
                    .contains(name.group(1));
        }
    }

    @Test
    void theCitationNamesThisVersionsLicenceAndThePaper() throws IOException {
        assertThat(Files.readString(ROOT.resolve("CITATION.cff")))
                .contains("cff-version: 1.2.0", "license: Apache-2.0", "preferred-citation:", "2310.05862");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "safeclip/GUIDE.md",
                "safeclip/RESULTS.md",
                "CONTRIBUTING.md",
                "bench/README.md",
                "bench/RESULTS.md"
            })
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
                .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
        if (words.size() == 1) { // a sentence on the command
            assertThat(Main.commandLine().getSubcommands()).containsKey(words.getFirst());
            return;
        }
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
