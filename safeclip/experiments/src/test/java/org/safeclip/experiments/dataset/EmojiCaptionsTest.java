package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.TextAugmentation;
import org.safeclip.data.Tokenizer;

/** Caption augmentation and tokenizer fit the embedded captions. */
class EmojiCaptionsTest {
    private static final EmojiDataset EMOJI = EmojiDataset.load();
    private static final List<String> CAPTIONS = EMOJI.train("twemoji").captions();
    private static final TextAugmentation AUGMENTATION = TextAugmentation.embedded();

    @Test
    void viewsConsistOfLettersAndSingleSpaces() {
        SplittableRandom random = new SplittableRandom(1);
        for (String caption : CAPTIONS) {
            String view = AUGMENTATION.view(caption, random);
            if (caption.chars().anyMatch(c -> Character.toLowerCase(c) >= 'a' && Character.toLowerCase(c) <= 'z')) {
                assertThat(view).matches("[a-z]+( [a-z]+)*");
            }
        }
    }

    @Test
    void aLearnedVocabularyCoversAllCaptions() {
        Tokenizer learned = Tokenizer.learn(CAPTIONS, 2048);
        assertThat(learned.vocabulary()).isEqualTo(2048);
        assertThat(learned.encode("a mammal"))
                .as("frequent words are one token")
                .hasSize(2);
        for (String caption : CAPTIONS) {
            assertThat(learned.decode(learned.encode(caption)).replace(" ", ""))
                    .isEqualTo(caption.toLowerCase(Locale.ROOT).replace(" ", ""));
        }
    }

    @Test
    void synonymsNameNoOtherCoarseClass() {
        Set<String> nouns = IntStream.range(0, EMOJI.size())
                .mapToObj(i -> EMOJI.info(i).kind())
                .collect(Collectors.toSet());
        Pattern anyNoun =
                Pattern.compile(nouns.stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(", ")\\b")));
        for (String word :
                nouns.stream().flatMap(n -> Arrays.stream(n.split(" "))).collect(Collectors.toSet())) {
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 50; i++) {
                String view = AUGMENTATION.view(word, random);
                for (String part : view.replaceFirst("\\b" + word + "\\b", "").split(" ")) {
                    assertThat(anyNoun.matcher(part).find())
                            .as("%s became %s", word, view)
                            .isFalse();
                }
            }
        }
    }
}
