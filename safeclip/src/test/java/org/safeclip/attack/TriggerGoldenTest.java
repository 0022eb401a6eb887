package org.safeclip.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.Golden;

/** The patch against NumPy's, on a picture of the published size. */
class TriggerGoldenTest {
    private static final int CORNER = 40;

    static List<Golden.Case> patches() {
        return Golden.cases("trigger_patch");
    }

    @ParameterizedTest
    @MethodSource("patches")
    void patchCoversItsSquareAndNothingElse(Golden.Case golden) {
        int small = golden.shape("image")[0];
        int times = golden.attrs().get("upscale").asInt();
        byte[] picture = repeated(golden.u8("image"), small, times);
        Patch patch = new Patch(
                golden.u8("patch"),
                golden.shape("patch")[0],
                golden.attrs().get("top").asInt(),
                golden.attrs().get("left").asInt());
        byte[] stamped = patch.stamp(picture);

        int side = small * times;
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

    private static byte[] repeated(byte[] image, int small, int times) {
        int side = small * times;
        byte[] large = new byte[side * side * 3];
        for (int i = 0; i < large.length; i++) {
            int y = i / (side * 3) / times;
            int x = i / 3 % side / times;
            large[i] = image[(y * small + x) * 3 + i % 3];
        }
        return large;
    }
}
