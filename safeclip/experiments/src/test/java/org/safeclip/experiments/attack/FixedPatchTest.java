package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.safeclip.data.RandomKey;

/** The standard patch at several image sizes. */
class FixedPatchTest {

    @Test
    void sizesAndPlaces() {
        assertThat(place(FixedPatch.coloured(224))).containsExactly(16, 9, 9);
        assertThat(place(FixedPatch.coloured(32))).containsExactly(4, 1, 1);
    }

    @Test
    void changesOnlyItsSquareAndIsReproducible() {
        FixedPatch patch = FixedPatch.coloured(32);
        byte[] black = new byte[32 * 32 * 3];
        byte[] stamped = seeded(patch).apply(black, 0);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                int at = (y * 32 + x) * 3;
                boolean changed = stamped[at] != 0 || stamped[at + 1] != 0 || stamped[at + 2] != 0;
                assertThat(changed).isEqualTo(y >= 1 && y <= 4 && x >= 1 && x <= 4);
            }
        }
        assertThat(seeded(patch).apply(stamped, 0)).isEqualTo(stamped);
        assertThat(black).containsOnly(0);
    }

    @Test
    void cornersAreFourEqualSquares() {
        byte[] stamped = seeded(FixedPatch.corners(32)).apply(new byte[32 * 32 * 3], 0);
        int yellow = 0;
        for (int at = 0; at < stamped.length; at += 3) {
            assertThat(stamped[at]).isEqualTo(stamped[at + 1]);
            assertThat(stamped[at + 2]).isZero();
            yellow += stamped[at] == -1 ? 1 : 0;
        }
        assertThat(yellow).isEqualTo(4 * 16);
        assertThat(stamped[(30 * 32 + 30) * 3]).isEqualTo((byte) 255);
        assertThat(stamped[(31 * 32 + 31) * 3]).isZero();
    }

    @Test
    void tooSmallImagesAreRefused() {
        assertThatThrownBy(() -> seeded(FixedPatch.coloured(224)).apply(new byte[16 * 16 * 3], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("up to 24");
    }

    private static SeededTrigger seeded(Trigger trigger) {
        return new SeededTrigger(trigger, RandomKey.of(1));
    }

    private static int[] place(FixedPatch patch) {
        return new int[] {
            patch.size(),
            patch.places().getFirst().top(),
            patch.places().getFirst().left()
        };
    }
}
