package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caption views change a little, never everything, and only letters remain. */
class TextAugmentationTest {

    private static final TextAugmentation VIEWS = TextAugmentation.embedded();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void resultsAreLettersAndSingleSpaces(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2000; i++) {
            String caption = caption(random);
            String view = VIEWS.view(caption, random);
            if (caption.chars().anyMatch(c -> Character.toLowerCase(c) >= 'a' && Character.toLowerCase(c) <= 'z')) {
                assertThat(view).as(caption).matches("[a-z]+( [a-z]+)*");
            } else {
                assertThat(view).isEqualTo(caption);
            }
        }
    }

    /** Words that have synonyms, among signs that captions may have. */
    private static String caption(SplittableRandom random) {
        List<String> parts = List.of(
                "a",
                "The",
                "dog",
                "BIG",
                "house's",
                "don\u2019t",
                "caf\u00e9",
                "\u00fcber",
                "42",
                "!",
                "--",
                "\t",
                " ",
                "x9y");
        StringBuilder caption = new StringBuilder();
        for (int words = random.nextInt(8); words >= 0; words--) {
            caption.append(parts.get(random.nextInt(parts.size()))).append(random.nextBoolean() ? " " : "");
        }
        return caption.toString();
    }

    @Test
    void captionsWithoutLettersStay() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(VIEWS.view("42!", random)).isEqualTo("42!");
        assertThat(VIEWS.view("", random)).isEmpty();
        assertThat(VIEWS.view("Qwzx", random))
                .as("no synonym, nothing to swap, last word stays")
                .isEqualTo("qwzx");
    }

    @Test
    void eachTechniqueTakesAQuarter() {
        TextAugmentation views = new TextAugmentation(Map.of("b", List.of("x", "y")), Set.of("a"));
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Integer> seen = new HashMap<>();
        int draws = 40_000;
        for (int i = 0; i < draws; i++) {
            seen.merge(technique(views.view("a b c d e f g h", random)), 1, Integer::sum);
        }
        assertThat(seen.keySet()).isSubsetOf("synonym", "insertion", "swap", "fewer or same");
        assertThat(seen.get("synonym")).isBetween(draws / 4 - 600, draws / 4 + 600);
        // ten tries find the one word of eight that has a synonym with probability 1 - (7/8)^10 = .737
        assertThat(seen.get("insertion")).isBetween((int) (draws * .184) - 600, (int) (draws * .184) + 600);
        assertThat(seen.get("swap")).isBetween(draws / 4 - 600, draws / 4 + 600);
    }

    @Test
    void sameSeedSameView() {
        String caption = "a picture of a happy dog, a mammal";
        assertThat(VIEWS.view(caption, new SplittableRandom(9)))
                .isEqualTo(VIEWS.view(caption, new SplittableRandom(9)));
    }

    private static String technique(String view) {
        List<String> words = List.of(view.split(" "));
        if (words.size() == 9) {
            return "insertion";
        }
        if (words.contains("x") || words.contains("y")) {
            return "synonym";
        }
        boolean sorted = words.stream().sorted().toList().equals(words);
        return sorted ? "fewer or same" : "swap";
    }
}
