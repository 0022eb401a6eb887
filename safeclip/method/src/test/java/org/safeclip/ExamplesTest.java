package org.safeclip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples do what they promise, in a JVM of their own: on the module path, and on the class path. */
class ExamplesTest {
    private static final Pattern SPLIT = Pattern.compile("epoch (\\d+): (\\d+) safe pairs, (\\d+) of them mislabelled");

    static Stream<List<String>> pathsOfALibrary() {
        return Stream.of(
                List.of("-p", ChildJvm.library(), "--add-modules", "org.safeclip"),
                List.of("-cp", ChildJvm.library(), "--add-modules", "jdk.incubator.vector"),
                List.of("-cp", ChildJvm.library()));
    }

    /** A warm-up, two slow epochs, three mixed ones; a tenth of the 100 pairs is mislabelled. */
    @ParameterizedTest
    @MethodSource("pathsOfALibrary")
    void theSafeSetGrowsAndMislabelledPairsStayOut(List<String> path) throws Exception {
        List<String> arguments = new ArrayList<>(path);
        arguments.add(Path.of("src", "examples", "SafeClipOnYourPairs.java").toString());
        List<MatchResult> splits = ChildJvm.run(arguments).stream()
                .map(SPLIT::matcher)
                .filter(Matcher::matches)
                .map(Matcher::toMatchResult)
                .toList();
        assertThat(numbers(splits, 1)).as("epochs").containsExactly(4, 5, 6);
        int first = numbers(splits, 2)[0];
        assertThat(first).as("the first safe set").isBetween(20, 45);
        assertThat(numbers(splits, 2)).as("a fifth more each epoch").containsExactly(first, first + 20, first + 40);
        assertThat(numbers(splits, 3)).as("mislabelled").startsWith(0);
        assertThat(numbers(splits, 3)[2]).as("mislabelled in the end").isLessThanOrEqualTo(2);
    }

    private static int[] numbers(List<MatchResult> splits, int group) {
        return splits.stream()
                .mapToInt(split -> Integer.parseInt(split.group(group)))
                .toArray();
    }
}
