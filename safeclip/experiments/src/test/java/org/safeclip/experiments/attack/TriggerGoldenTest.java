package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.Golden;

/** Every trigger against NumPy and PyTorch. */
class TriggerGoldenTest {
    private static final int CORNER = 40;
    private static final RandomGenerator UNUSED = new SplittableRandom(1);

    static List<Golden.Case> patches() {
        return Golden.cases("trigger_patch");
    }

    static List<Golden.Case> blended() {
        return Golden.cases("trigger_blended");
    }

    static List<Golden.Case> warps() {
        return Golden.cases("trigger_wanet");
    }

    static List<Golden.Case> waves() {
        return Golden.cases("trigger_sig");
    }

    @ParameterizedTest
    @MethodSource("patches")
    void patchCoversItsSquareAndNothingElse(Golden.Case golden) {
        byte[] image = image(golden);
        int side = Trigger.side(image);
        FixedPatch.Place place = new FixedPatch.Place(
                golden.attrs().get("top").asInt(), golden.attrs().get("left").asInt());
        FixedPatch patch = new FixedPatch(golden.u8("patch"), golden.shape("patch")[0], List.of(place));
        byte[] stamped = new SeededTrigger(patch, RandomKey.of(1)).apply(image, 0);

        double[] corner = new double[CORNER * CORNER * 3];
        for (int i = 0; i < corner.length; i++) {
            int row = i / (CORNER * 3);
            corner[i] = stamped[row * side * 3 + i % (CORNER * 3)] & 0xff;
        }
        golden.assertClose("y_corner", corner);
        for (int i = 0; i < image.length; i++) {
            boolean inCorner = i / (side * 3) < CORNER && i / 3 % side < CORNER;
            assertThat(inCorner || stamped[i] == image[i]).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("blended")
    void noiseIsBlended(Golden.Case golden) {
        byte[] image = image(golden);
        int side = Trigger.side(image);
        Blended blended = new Blended(
                (float) golden.attrs().get("alpha").asDouble(), interleaved(golden.f32("noise"), side * side));
        golden.assertClose("y", planes(blended.apply(Trigger.levels(image), side, UNUSED)));
    }

    @ParameterizedTest
    @MethodSource("warps")
    void imagesAreSampledAtTheWarpedPositions(Golden.Case golden) {
        byte[] image = image(golden);
        int side = Trigger.side(image);
        int k = golden.attrs().get("k").asInt();
        float strength = (float) golden.attrs().get("s").asDouble();
        WaNet warp = WaNet.of(noise(golden), k, strength);
        float[] warped = warp.apply(Trigger.levels(image), side, UNUSED);
        if (golden.has("grid")) {
            golden.assertClose("grid", warp.grid(side));
            golden.assertClose("y", planes(warped));
        } else {
            int step = golden.attrs().get("row_step").asInt();
            byte[] rounded = Trigger.rounded(warped);
            double[] rows = new double[side / step * side * 3];
            for (int i = 0; i < rows.length; i++) {
                int row = i / (side * 3) * step;
                rows[i] = rounded[row * side * 3 + i % (side * 3)] & 0xff;
            }
            golden.assertClose("y_u8", rows);
        }
    }

    @ParameterizedTest
    @MethodSource("waves")
    void theWaveRunsAlongTheColumns(Golden.Case golden) {
        byte[] image = image(golden);
        int side = Trigger.side(image);
        double amplitude = golden.attrs().get("amplitude").asDouble();
        double periods = golden.attrs().get("periods").asDouble();
        float alpha = (float) golden.attrs().get("alpha").asDouble();
        boolean blend = golden.attrs().get("mode").asString().equals("blend");
        Sig own = blend ? Sig.blended(alpha) : Sig.added();
        assertThat(own.amplitude()).isEqualTo(amplitude);
        assertThat(own.periods()).isEqualTo(periods);
        golden.assertClose("signal", own.signal(side));
        float[] marked = own.apply(Trigger.levels(image), side, UNUSED);
        float[] rows = new float[golden.attrs().get("row_index").size() * side * 3];
        for (int i = 0; i < rows.length; i++) {
            int row = golden.attrs().get("row_index").get(i / (side * 3)).asInt();
            rows[i] = marked[row * side * 3 + i % (side * 3)];
        }
        golden.assertClose("rows", rows);
    }

    private static float[] noise(Golden.Case golden) {
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

    /** The case's image, every pixel repeated as often as the case says. */
    private static byte[] image(Golden.Case golden) {
        int small = golden.shape("image")[0];
        int times =
                golden.attrs().has("upscale") ? golden.attrs().get("upscale").asInt() : 1;
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
        float[] image = new float[planes.length];
        for (int i = 0; i < image.length; i++) {
            image[i] = planes[i % 3 * pixels + i / 3];
        }
        return image;
    }

    private static float[] planes(float[] image) {
        float[] planes = new float[image.length];
        for (int i = 0; i < image.length; i++) {
            planes[i % 3 * (image.length / 3) + i / 3] = image[i];
        }
        return planes;
    }
}
