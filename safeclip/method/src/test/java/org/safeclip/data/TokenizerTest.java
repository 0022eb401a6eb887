package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Learned vocabularies are reversible and reproducible, and CLIP's own gives CLIP's ids. */
class TokenizerTest {

    private static final List<String> CAPTIONS = captions(new SplittableRandom(8));
    private static final Tokenizer LEARNED = Tokenizer.learn(CAPTIONS, 2048);

    /** Sentences about things with made-up names, some of them much more frequent than others. */
    private static List<String> captions(SplittableRandom random) {
        String[] onsets = {"b", "k", "M", "str", "pht", "l", "", "\u00e7", "gr", "sn"};
        String[] rimes = {"a", "o", "ing", "ast", "\u00e9", "urn", "elk"};
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = 2 + random.nextInt(3); length > 0; length--) {
                word.append(onsets[random.nextInt(onsets.length)]).append(rimes[random.nextInt(rimes.length)]);
            }
            words.add(word.toString());
        }
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            String first = words.get((int) (words.size() * Math.pow(random.nextDouble(), 3)));
            String second = words.get(random.nextInt(words.size()));
            captions.add(
                    "a " + first + ", a kind of mammal" + (i % 3 == 0 ? " (no. " + i + ": " + second + "'s)" : "!"));
        }
        return captions;
    }

    @Test
    void clipVocabularyGivesClipIds() {
        Tokenizer clip = Tokenizer.openAi();
        assertThat(clip.vocabulary()).isEqualTo(49408);
        assertThat(clip.encode("hello world!", 7)).containsExactly(49406, 3306, 1002, 256, 49407, 0, 0);
        assertThat(clip.encode("a photo of")).containsExactly(320, 1125, 539);
        assertThat(clip.encode("na\u00efve")).containsExactly(1097, 35689, 563);
        assertThat(clip.encode("safeclip")).containsExactly(2901, 9289);
        assertThat(clip.encode("42")).containsExactly(275, 273);
        assertThat(clip.encode(Character.toString(0x1F600))).containsExactly(7334);
        assertThat(clip.encode("  A\tDOG &amp;amp; &#100;og")).containsExactly(clip.encode("a dog & dog"));
        assertThat(clip.decode(clip.encode("caf\u00e9 42"))).isEqualTo("caf\u00e9 4 2");
    }

    @Test
    void learnedVocabularyReadsItsCaptions() {
        assertThat(LEARNED.vocabulary()).isEqualTo(2048);
        assertThat(LEARNED.encode("a mammal"))
                .as("frequent words are one token")
                .hasSize(2);
        for (String caption : CAPTIONS) {
            String spaced = LEARNED.decode(LEARNED.encode(caption));
            assertThat(spaced.replace(" ", ""))
                    .isEqualTo(caption.toLowerCase(Locale.ROOT).replace(" ", ""));
        }
        assertThat(LEARNED.decode(LEARNED.encode("\ud83d\ude00 pi\u00f1ata", 20)))
                .isEqualTo("\ud83d\ude00 pi\u00f1ata");
    }

    @Test
    void learningIsReproducibleAndSurvivesAsText() {
        Tokenizer again = Tokenizer.learn(CAPTIONS, 2048);
        Tokenizer read = Tokenizer.parse(LEARNED.serialise());
        assertThat(again.serialise()).isEqualTo(LEARNED.serialise());
        assertThat(read.serialise()).isEqualTo(LEARNED.serialise());
        assertThat(read.encode("a guide dog, a kind of mammal", 24))
                .isEqualTo(LEARNED.encode("a guide dog, a kind of mammal", 24));
    }

    @Test
    void mostFrequentPairComesFirstAndTiesAreAlphabetical() {
        Tokenizer tiny = Tokenizer.learn(List.of("ab ab ab", "cd cd", "ad ad"), 514 + 3);
        assertThat(tiny.serialise().lines().skip(1)).containsExactly("a b</w>", "a d</w>", "c d</w>");
    }

    @Test
    void endTokenStaysWhenTextIsCut() {
        int[] row = LEARNED.encode("a very long caption that does not fit into so few tokens at all", 6);
        assertThat(row).hasSize(6);
        assertThat(row[0]).isEqualTo(LEARNED.start());
        assertThat(row[5]).isEqualTo(LEARNED.end());
        assertThat(Tokenizer.endPosition(LEARNED.encode("!!!", 8), 0, 8)).isEqualTo(LEARNED.encode("!!!").length + 1);
        assertThat(LEARNED.encode("", 4)).containsExactly(LEARNED.start(), LEARNED.end(), 0, 0);
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> Tokenizer.parse("PK\u0003")).hasMessageContaining("#version");
        assertThatThrownBy(() -> Tokenizer.parse("#version\na b\nab\n")).hasMessageContaining("merge 2");
        assertThatThrownBy(() -> Tokenizer.parse("#version\na qq\n")).hasMessageContaining("\"a qq\"");
        assertThatThrownBy(() -> Tokenizer.learn(List.of(), 10)).hasMessageContaining("at least 514");
        assertThatThrownBy(() -> LEARNED.encode("a", 1)).hasMessageContaining("context is 1");
    }
}
