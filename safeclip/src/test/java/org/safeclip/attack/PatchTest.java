package org.safeclip.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The standard patch at the sizes the description names. */
class PatchTest {

    @Test
    void sizesAndPlaces() {
        assertThat(place(Patch.forSide(224))).containsExactly(16, 9, 9);
        assertThat(place(Patch.forSide(32))).containsExactly(4, 1, 1);
    }

    @Test
    void stampsItsSquareOnlyAndTheSameTwice() {
        Patch patch = Patch.forSide(32);
        byte[] black = new byte[32 * 32 * 3];
        byte[] stamped = patch.stamp(black);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                int at = (y * 32 + x) * 3;
                boolean changed = stamped[at] != 0 || stamped[at + 1] != 0 || stamped[at + 2] != 0;
                assertThat(changed).isEqualTo(y >= 1 && y <= 4 && x >= 1 && x <= 4);
            }
        }
        assertThat(patch.stamp(stamped)).isEqualTo(stamped);
        assertThat(black).containsOnly(0);
    }

    @Test
    void picturesTooSmallAreRefused() {
        assertThatThrownBy(() -> Patch.forSide(224).stamp(new byte[16 * 16 * 3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("up to 24");
    }

    private static int[] place(Patch patch) {
        return new int[] {patch.size(), patch.top(), patch.left()};
    }
}
