package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.data.RandomKey;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenCase;

/** Every trigger against NumPy's and PyTorch's. */
class TriggerGoldenTest {
    private static final int CORNER = 40;
    private static final RandomGenerator UNASKED = new SplittableRandom(1);

    @TestFactory
    Stream<DynamicTest> patchCoversItsSquareAndNothingElse() {
        return Golden.tests("trigger_patch").check(TriggerGoldenTest::patch);
    }

    private static void patch(GoldenCase golden) {
        byte[] picture = picture(golden);
        int side = Trigger.side(picture);
        FixedPatch.Place place = new FixedPatch.Place(
                golden.attrs().integer("top"), golden.attrs().integer("left"));
        FixedPatch patch = new FixedPatch(golden.u8("patch"), golden.shape("patch")[0], List.of(place));
        byte[] stamped = new SeededTrigger(patch, RandomKey.of(1)).apply(picture, 0);

        double[] corner = new double[CORNER * CORNER * 3];
        for (int i = 0; i < corner.length; i++) {
            int row = i / (CORNER * 3);
            corner[i] = stamped[row * side * 3 + i % (CORNER * 3)] & 0xff;
        }
        golden.assertClose("y_corner", corner);
        for (int i = 0; i < picture.length; i++) {
            boolean inCorner = i / (side * 3) < CORNER && i / 3 % side < CORNER;
            assertThat(inCorner || stamped[i] == picture[i]).isTrue();
        }
    }

    @TestFactory
    Stream<DynamicTest> noiseIsMixedIn() {
        return Golden.tests("trigger_blended").check(TriggerGoldenTest::blended);
    }

    private static void blended(GoldenCase golden) {
        byte[] picture = picture(golden);
        int side = Trigger.side(picture);
        Blended blended =
                new Blended((float) golden.attrs().number("alpha"), interleaved(golden.f32("noise"), side * side));
        golden.assertClose("y", planes(blended.apply(Trigger.levels(picture), side, UNASKED)));
    }

    @TestFactory
    Stream<DynamicTest> thePictureIsReadAtTheWarpedPlaces() {
        return Golden.tests("trigger_wanet").check(TriggerGoldenTest::warp);
    }

    private static void warp(GoldenCase golden) {
        byte[] picture = picture(golden);
        int side = Trigger.side(picture);
        int k = golden.attrs().integer("k");
        float strength = (float) golden.attrs().number("s");
        WaNet warp = WaNet.of(noise(golden), k, strength);
        float[] warped = warp.apply(Trigger.levels(picture), side, UNASKED);
        if (golden.has("grid")) {
            golden.assertClose("grid", warp.grid(side));
            golden.assertClose("y", planes(warped));
        } else {
            int step = golden.attrs().integer("row_step");
            byte[] rounded = Trigger.rounded(warped);
            double[] rows = new double[side / step * side * 3];
            for (int i = 0; i < rows.length; i++) {
                int row = i / (side * 3) * step;
                rows[i] = rounded[row * side * 3 + i % (side * 3)] & 0xff;
            }
            golden.assertClose("y_u8", rows);
        }
    }

    @TestFactory
    Stream<DynamicTest> theWaveRunsAlongTheColumns() {
        return Golden.tests("trigger_sig").check(TriggerGoldenTest::wave);
    }

    private static void wave(GoldenCase golden) {
        byte[] picture = picture(golden);
        int side = Trigger.side(picture);
        double amplitude = golden.attrs().number("amplitude");
        double periods = golden.attrs().number("periods");
        float alpha = (float) golden.attrs().number("alpha");
        boolean blend = golden.attrs().text("mode").equals("blend");
        if (!blend) {
            golden.attrs().require("mode", "add");
        }
        Sig own = blend ? Sig.blended(alpha) : Sig.added();
        assertThat(own.amplitude()).isEqualTo(amplitude);
        assertThat(own.periods()).isEqualTo(periods);
        golden.assertClose("signal", own.signal(side));
        float[] marked = own.apply(Trigger.levels(picture), side, UNASKED);
        int[] rowIndex = golden.attrs().integers("row_index");
        float[] rows = new float[rowIndex.length * side * 3];
        for (int i = 0; i < rows.length; i++) {
            int row = rowIndex[i / (side * 3)];
            rows[i] = marked[row * side * 3 + i % (side * 3)];
        }
        golden.assertClose("rows", rows);
    }

    private static float[] noise(GoldenCase golden) {
        if (golden.has("noise")) {
            return golden.f32("noise");
        }
        byte[] levels = golden.u8("noise_u8");
        float[] noise = new float[levels.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) ((levels[i] & 0xff) / 255.0 * 2 - 1);
        }
        return noise;
    }

    /** The case's picture, every pixel repeated as often as the case says. */
    private static byte[] picture(GoldenCase golden) {
        int small = golden.shape("image")[0];
        int times = golden.attrs().has("upscale") ? golden.attrs().integer("upscale") : 1;
        byte[] image = golden.u8("image");
        int side = small * times;
        byte[] large = new byte[side * side * 3];
        for (int i = 0; i < large.length; i++) {
            int y = i / (side * 3) / times;
            int x = i / 3 % side / times;
            large[i] = image[(y * small + x) * 3 + i % 3];
        }
        return large;
    }

    private static float[] interleaved(float[] planes, int pixels) {
        float[] picture = new float[planes.length];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = planes[i % 3 * pixels + i / 3];
        }
        return picture;
    }

    private static float[] planes(float[] picture) {
        float[] planes = new float[picture.length];
        for (int i = 0; i < picture.length; i++) {
            planes[i % 3 * (picture.length / 3) + i / 3] = picture[i];
        }
        return planes;
    }
}
