package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The middle square: computed alone it equals the one cut out of the whole image resized, and thin images cost no memory. */
class ResamplingCropTest {
    @ParameterizedTest
    @EnumSource
    void onlyTheMiddleEqualsTheMiddleOfTheWhole(Resampling filter) {
        SplittableRandom random = new SplittableRandom(7);
        int[] sides = {1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 64, 100, 225, 640};
        for (int height : sides) {
            for (int width : sides) {
                byte[] pixels = new byte[height * width * 3];
                random.nextBytes(pixels);
                for (int size : new int[] {1, 2, 8, 31, 32, 64}) {
                    assertThat(filter.resizeCenterCrop(pixels, height, width, size))
                            .as("%d x %d to %d", height, width, size)
                            .isEqualTo(middle(filter, pixels, height, width, size));
                }
            }
        }
    }

    private static byte[] middle(Resampling filter, byte[] pixels, int height, int width, int size) {
        int newHeight = height <= width ? size : size * height / width;
        int newWidth = height <= width ? size * width / height : size;
        byte[] whole = filter.resize(pixels, height, width, newHeight, newWidth);
        int top = (int) Math.rint((newHeight - size) / 2.0);
        int left = (int) Math.rint((newWidth - size) / 2.0);
        byte[] middle = new byte[size * size * 3];
        for (int y = 0; y < size; y++) {
            System.arraycopy(whole, ((top + y) * newWidth + left) * 3, middle, y * size * 3, size * 3);
        }
        return middle;
    }

    @ParameterizedTest
    @CsvSource({"1, 3000000", "3000000, 1", "1, 10000000", "10000000, 1", "2, 5000000", "20000, 1", "3, 100001"})
    void thinImagesGiveTheirMiddle(int height, int width) {
        byte[] pixels = new byte[height * width * 3];
        Arrays.fill(pixels, (byte) 200);
        for (int size : new int[] {8, 224}) {
            assertThat(filterAll(pixels, height, width, size)).containsOnly((byte) 200);
        }
    }

    private static byte[] filterAll(byte[] pixels, int height, int width, int size) {
        byte[] square = Resampling.BICUBIC.resizeCenterCrop(pixels, height, width, size);
        assertThat(square).hasSize(size * size * 3);
        return square;
    }
}
