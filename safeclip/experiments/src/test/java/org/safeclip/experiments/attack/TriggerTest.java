package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.data.RandomKey;

/** Properties of all triggers, and the published properties of each. */
class TriggerTest {
    private static final int FULL = 224;

    static Stream<Trigger> triggers() {
        return Stream.of(
                FixedPatch.coloured(32),
                FixedPatch.yellow(32),
                FixedPatch.corners(32),
                RandomPatch.forSide(32),
                Blended.fixed(0.2f, 32, new SplittableRandom(4)),
                Blended.perImage(0.2f),
                WaNet.draw(4, 0.5f, new SplittableRandom(4)),
                WaNet.draw(32, 1, new SplittableRandom(4)),
                Sig.blended(0.2f),
                Sig.added());
    }

    @ParameterizedTest
    @MethodSource("triggers")
    void triggersKeepShapeAndRangeAndAreReproducible(Trigger trigger) {
        byte[] image = new byte[32 * 32 * 3];
        new SplittableRandom(7).nextBytes(image);
        byte[] before = image.clone();
        float[] once = trigger.apply(Trigger.levels(image), 32, new SplittableRandom(3));
        float[] twice = trigger.apply(once, 32, new SplittableRandom(3));
        for (float[] marked : new float[][] {once, twice}) {
            assertThat(marked).hasSize(image.length);
            for (float level : marked) {
                assertThat(level).isBetween(0f, 1f);
            }
        }
        SeededTrigger seeded = new SeededTrigger(trigger, RandomKey.of(3));
        byte[] stamped = seeded.apply(image, 5);
        assertThat(stamped)
                .isEqualTo(new SeededTrigger(trigger, RandomKey.of(3)).apply(image, 5))
                .isNotEqualTo(image);
        assertThat(image).isEqualTo(before);
        Verification survival = Verification.start("x").with(image, seeded.exact(image, 5), stamped);
        assertThat(survival.amplitude()).isEqualTo(1, within(0.02));
    }

    @Test
    void theFullSizePatchCoversRowsAndColumnsNineToTwentyFour() {
        byte[] stamped =
                new SeededTrigger(FixedPatch.yellow(FULL), RandomKey.of(1)).apply(new byte[FULL * FULL * 3], 0);
        for (int i = 0; i < stamped.length; i += 3) {
            int y = i / 3 / FULL;
            int x = i / 3 % FULL;
            assertThat(stamped[i] != 0).isEqualTo(y >= 9 && y <= 24 && x >= 9 && x <= 24);
        }
    }

    @Test
    void noiseOnBlackHasMeanOneTenthAndMaximumOneFifth() {
        float[] marked = Blended.fixed(0.2f, FULL, new SplittableRandom(1))
                .apply(new float[FULL * FULL * 3], FULL, new SplittableRandom(1));
        double sum = 0;
        for (float level : marked) {
            assertThat(level).isLessThanOrEqualTo(0.2f);
            sum += level;
        }
        assertThat(sum / marked.length).isEqualTo(0.1, within(1e-3));
    }

    @Test
    void fixedNoiseIsSharedAndFreshNoiseIsNot() {
        byte[] grey = new byte[32 * 32 * 3];
        SeededTrigger fixed = new SeededTrigger(Blended.fixed(0.2f, 32, new SplittableRandom(1)), RandomKey.of(2));
        assertThat(fixed.apply(grey, 0)).isEqualTo(fixed.apply(grey, 1));
        SeededTrigger fresh = new SeededTrigger(Blended.perImage(0.2f), RandomKey.of(2));
        assertThat(fresh.apply(grey, 0)).isNotEqualTo(fresh.apply(grey, 1));
    }

    @Test
    void theWaveStartsAtZeroAndReachesItsAmplitude() {
        float[] signal = Sig.added().signal(FULL);
        assertThat(signal[0]).isZero();
        float largest = 0;
        for (float value : signal) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isEqualTo(0.2353f, within(1e-3f));
    }

    @Test
    void theWarpMovesPixelsByHalfAPixelOnAverage() {
        WaNet warp = WaNet.draw(FULL, 1, new SplittableRandom(1));
        double sum = 0;
        for (float shift : warp.field()) {
            sum += Math.abs(shift);
        }
        assertThat(sum / warp.field().length).isEqualTo(1, within(1e-5));
        float[] grid = warp.grid(FULL);
        double moved = 0;
        int inside = 0;
        for (int i = 0; i < grid.length; i++) {
            assertThat(grid[i]).isBetween(-1f, 1f);
            int pixel = i / 2;
            int place = i % 2 == 0 ? pixel % FULL : pixel / FULL;
            if (place > 1 && place < FULL - 2) { // at the edges the clamp reduces the shift
                moved += Math.abs(grid[i] - (-1 + 2.0 * place / (FULL - 1)));
                inside++;
            }
        }
        assertThat(moved / inside).isEqualTo(1.0 / FULL, within(1e-5));
    }

    @Test
    void aLostTriggerIsDetected() {
        byte[] clean = new byte[32 * 32 * 3];
        float[] marked = FixedPatch.yellow(32).apply(Trigger.levels(clean), 32, new SplittableRandom(1));
        assertThat(Verification.start("x").with(clean, marked, clean).amplitude())
                .isZero();
        byte[] faded = Trigger.rounded(marked);
        for (int i = 0; i < faded.length; i++) {
            faded[i] = (byte) ((faded[i] & 0xff) / 5);
        }
        Verification faint = Verification.start("x").with(clean, marked, faded);
        assertThat(faint.holds()).isFalse();
        assertThat(faint.amplitude()).isEqualTo(0.2, within(1e-3));
        assertThat(faint.expected()).isEqualTo(255, within(1e-3));
        assertThat(faint.difference()).isEqualTo(51, within(1e-3));
    }
}
