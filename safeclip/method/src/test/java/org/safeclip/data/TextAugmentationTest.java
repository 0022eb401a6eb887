package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.dataset.EmojiDataset;

/** Caption views change a little, never everything, and only letters remain. */
class TextAugmentationTest {

    private static final TextAugmentation VIEWS = TextAugmentation.embedded();

    @Test
    void resultsAreLettersAndSingleSpaces() {
        SplittableRandom random = new SplittableRandom(1);
        PairSet pairs = EmojiDataset.load().train("twemoji");
        for (String caption : pairs.captions()) {
            String view = VIEWS.view(caption, random);
            if (caption.chars().anyMatch(c -> Character.toLowerCase(c) >= 'a' && Character.toLowerCase(c) <= 'z')) {
                assertThat(view).matches("[a-z]+( [a-z]+)*");
            }
        }
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

    @Test
    void synonymsNameNoOtherKind() {
        EmojiDataset emoji = EmojiDataset.load();
        Set<String> nouns = IntStream.range(0, emoji.size())
                .mapToObj(i -> emoji.picture(i).kind())
                .collect(Collectors.toSet());
        Pattern anyNoun =
                Pattern.compile(nouns.stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(", ")\\b")));
        for (String word :
                nouns.stream().flatMap(n -> Arrays.stream(n.split(" "))).collect(Collectors.toSet())) {
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 50; i++) {
                String view = VIEWS.view(word, random);
                for (String part : view.replaceFirst("\\b" + word + "\\b", "").split(" ")) {
                    assertThat(anyNoun.matcher(part).find())
                            .as("%s became %s", word, view)
                            .isFalse();
                }
            }
        }
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
