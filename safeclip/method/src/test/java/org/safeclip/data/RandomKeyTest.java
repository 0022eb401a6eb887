package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bits behind every result: they stay what they were when the published numbers were made, and whatever is drawn depends on
 * what it is for and on nothing else.
 */
class RandomKeyTest {
    @ParameterizedTest
    @CsvSource({
        "0, model, -2020803119617708369",
        "0, image pool, -7821389731061251157",
        "0, caption pool, -7227617380409798070",
        "3, model, -5690838151888748456",
        "3, text pool, 3720526901659014293",
        "-7, image pool, -2403743468321394306"
    })
    void aUseHasTheNumbersItAlwaysHad(long seed, String use, long first) {
        assertThat(RandomKey.of(seed).fold(use).random().nextLong()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 0, -455868294865416418, -4272447579945956127",
        "3, 1, 0, 0, 6943085309712239900, 9119557051005910202",
        "3, 2, 0, 0, -1223790186570588694, 8675833071437388390",
        "3, 1, 77, 0, -9058577546660672590, 991500433444930579",
        "3, 1, 77, 1, 3757090822826653328, -3661457282627517637",
        "3, 65538, 5, 1, -2376223706397686521, 3000649847905724492",
        "-7, -4, 4000, 0, -5562987041769844640, 5675708723691015137"
    })
    void aViewHasTheNumbersItAlwaysHad(long seed, int draw, int pair, int view, long image, long caption) {
        RandomKey key = RandomKey.of(seed);
        assertThat(key.imageView(draw, pair, view).nextLong()).isEqualTo(image);
        assertThat(key.captionView(draw, pair, view).nextLong()).isEqualTo(caption);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 7740181239030521447",
        "3, 1, 1438389348062755512",
        "3, 2, 5460642726212987550",
        "3, 65537, -7905949687222644570",
        "3, -7, -6783776446081895475"
    })
    void anOrderHasTheNumbersItAlwaysHad(long seed, int draw, long first) {
        assertThat(RandomKey.of(seed).order(draw).nextLong()).isEqualTo(first);
    }

    @Test
    void theSameUseHasTheSameNumbersWhateverElseIsDrawn() {
        RandomKey key = RandomKey.of(5);
        long first = key.imageView(2, 9, 1).nextLong();
        key.random().nextLong();
        key.fold("something new").random().nextLong();
        key.imageView(2, 9, 0).nextLong();
        assertThat(key.imageView(2, 9, 1).nextLong()).isEqualTo(first);
        assertThat(RandomKey.of(5).imageView(2, 9, 1).nextLong()).isEqualTo(first);
    }

    @Test
    void everyDrawPairViewAndModalityHasNumbersOfItsOwn() {
        Set<Long> seen = new HashSet<>();
        int asked = 0;
        for (long seed = 0; seed < 3; seed++) {
            RandomKey key = RandomKey.of(seed);
            for (int draw = -3; draw <= 3; draw++) {
                seen.add(key.order(draw).nextLong());
                asked++;
                for (int pair = 0; pair < 50; pair++) {
                    for (int view = 0; view < 2; view++) {
                        seen.add(key.imageView(draw, pair, view).nextLong());
                        seen.add(key.captionView(draw, pair, view).nextLong());
                        asked += 2;
                    }
                }
            }
        }
        assertThat(seen).hasSize(asked);
    }

    @Test
    void neighboursInAListDoNotShareNumbers() {
        RandomKey key = RandomKey.of(9);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            SplittableRandom random = key.fold(i).random();
            for (int k = 0; k < 50; k++) {
                seen.add(random.nextLong());
            }
        }
        assertThat(seen).hasSize(2500); // a stream that is another one shifted by a number would share most of them
    }

    @Test
    void usesNumbersAndElementsAreKeptApart() {
        Set<Long> seen = new HashSet<>();
        RandomKey key = RandomKey.of(1);
        for (int i = 0; i < 1000; i++) {
            seen.add(key.fold(i).random().nextLong());
            seen.add(key.fold("use " + i).random().nextLong());
        }
        assertThat(seen).hasSize(2000);
    }

    @Test
    void noPassIsScoredOnAndNoScoringDrawComesTwice() {
        Set<Integer> seen = new HashSet<>();
        int asked = 0;
        for (int epoch = 1; epoch <= 60; epoch++) {
            for (int i = 0; i < 5; i++) {
                assertThat(RandomKey.pass(epoch, i)).isPositive();
                assertThat(RandomKey.scoring(epoch, 5, i)).isNegative();
                seen.add(RandomKey.pass(epoch, i));
                seen.add(RandomKey.scoring(epoch, 5, i));
                asked += 2;
            }
            assertThat(RandomKey.refill(epoch)).isNegative();
        }
        assertThat(seen).hasSize(asked);
    }
}
