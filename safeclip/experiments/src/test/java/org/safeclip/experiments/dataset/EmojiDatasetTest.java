package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.PairSet;

/** The embedded data set has the documented content. */
class EmojiDatasetTest {

    private static final EmojiDataset EMOJI = EmojiDataset.load();

    @Test
    void pixelsHaveTheKnownChecksum() throws Exception {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        long sum = 0;
        for (int i = 0; i < EMOJI.size(); i++) {
            byte[] px = EMOJI.image(i);
            all.update(px);
            for (byte b : px) {
                sum += b & 0xff;
            }
        }
        assertThat(EMOJI.size()).isEqualTo(9947);
        assertThat(sum).isEqualTo(6_002_819_329L);
        assertThat(HexFormat.of().formatHex(all.digest()))
                .isEqualTo("05e39d863da72012792f66fbc72ddd6026d567d6adc0763461a9538dd8b34555");
        byte[] first = EMOJI.image(0);
        int pixel = (16 * 32 + 16) * 3;
        assertThat(new int[] {first[pixel] & 0xff, first[pixel + 1] & 0xff, first[pixel + 2] & 0xff})
                .containsExactly(255, 222, 49);
        assertThat(EMOJI.image(0)).as("a caller's copy").isNotSameAs(EMOJI.image(0));
    }

    @Test
    void recordsAreInOrder() {
        assertThat(IntStream.range(0, EMOJI.size()).allMatch(i -> EMOJI.info(i).index() == i))
                .isTrue();
        assertThat(EMOJI.info(0).caption()).isEqualTo("an emoji of a grinning face");
        assertThat(EMOJI.info(0).keywords()).contains("happy");
        assertThat(EMOJI.info(0).alternatives()).hasSize(3);
        assertThat(EMOJI.concepts()).hasSize(1900);
        assertThat(EMOJI.artists()).hasSize(6);
        assertThat(EMOJI.kinds()).hasSize(31);
        assertThat(EMOJI.kinds().getFirst().concepts()).hasSize(66);
        assertThat(EMOJI.concrete()).hasSize(652);
    }

    @Test
    void anArtistCanBeHeldOut() {
        int[] train = EMOJI.trainImages("twemoji");
        int[] test = EMOJI.heldOutImages("twemoji");
        PairSet pairs = EMOJI.train("twemoji");
        assertThat(train).hasSize(8074);
        assertThat(test).hasSize(1873);
        assertThat(pairs.size()).isEqualTo(8074);
        assertThat(pairs.caption(5000)).isEqualTo(EMOJI.info(train[5000]).caption());
        assertThat(pairs.image(5000)).isEqualTo(EMOJI.image(train[5000]));
        PairSet fourCaptions = EMOJI.train("twemoji", 4);
        assertThat(fourCaptions.size()).isEqualTo(4 * 8074);
        assertThat(fourCaptions.image(4 * 5000 + 3)).isEqualTo(pairs.image(5000));
        assertThat(fourCaptions.caption(4 * 5000)).isEqualTo(pairs.caption(5000));
        assertThat(fourCaptions.caption(4 * 5000 + 3))
                .isEqualTo(EMOJI.info(train[5000]).alternatives().getLast());
        assertThat(EMOJI.labelledByConcept(test).size()).isEqualTo(652);
        assertThat(EMOJI.labelledByKind(test).size()).isEqualTo(664);
        LabelledIndices kinds =
                EMOJI.labelledByKind(IntStream.range(0, EMOJI.size()).toArray());
        assertThat(kinds.size()).isEqualTo(3615);
        for (int i = 0; i < kinds.size(); i++) {
            assertThat(EMOJI.info(kinds.images()[i]).kind())
                    .isEqualTo(EMOJI.kinds().get(kinds.labels()[i]).noun());
        }
        assertThat(EMOJI.heldOutImages("fluent3d, fluentflat")).hasSize(1851 + 1809);
        assertThat(Arrays.stream(test).mapToObj(i -> EMOJI.info(i).artist()).distinct())
                .containsExactly("twemoji");
    }

    @Test
    void invalidHeldOutArtistsAreRefused() {
        assertThatThrownBy(() -> EMOJI.train("fluent3d")).hasMessageContaining("hold out both");
        assertThatThrownBy(() -> EMOJI.train("apple"))
                .hasMessageContaining("\"apple\" is unknown; expected one of noto");
        assertThatThrownBy(() -> EMOJI.train("")).hasMessageContaining("is unknown");
        assertThatThrownBy(() -> EMOJI.train(String.join(",", EMOJI.artists()))).hasMessageContaining("nothing");
    }

    @Test
    void promptsHaveTheRightArticle() {
        assertThat(EMOJI.kindClasses().prompts().get(16))
                .containsExactly("a kind of aircraft", "aircraft:", "an aircraft:", "a picture of an aircraft");
        assertThat(EMOJI.kindClasses().prompts().get(0)).contains("a mammal:", "a picture of a mammal");
        assertThat(EMOJI.conceptClasses().size()).isEqualTo(652);
        assertThat(EMOJI.conceptClasses().prompts().getFirst()).hasSize(5);
    }
}
