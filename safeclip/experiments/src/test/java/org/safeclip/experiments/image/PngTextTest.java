package org.safeclip.experiments.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Texts of PNG files, damaged ones too. */
class PngTextTest {
    @Test
    void textsAreReadByKeyword() throws Exception {
        byte[] png = PngSamples.withTexts(4, 4, 1, "Title", "caf\u00e9", "Author", "", "Title", "another");
        assertThat(PngText.of(png))
                .containsEntry("Title", "caf\u00e9")
                .containsEntry("Author", "")
                .hasSize(2);
        assertThat(PngText.of(PngSamples.withTexts(4, 4, 1))).isEmpty();
    }

    @Test
    void damagedFilesKeepWhatIsWhole() throws Exception {
        byte[] png = PngSamples.withTexts(4, 4, 1, "Title", "whole", "Author", "cut off");
        int second = 33 + 12 + "Title\0whole".length(); // after signature, IHDR and the first text
        for (int length = 0; length <= second + 12; length++) {
            assertThat(PngText.of(Arrays.copyOf(png, length)).keySet())
                    .as("the first %d bytes", length)
                    .containsExactlyElementsOf(length < second ? Set.of() : Set.of("Title"));
        }
        png[33] = (byte) 0xff; // the length of the first text is negative
        assertThat(PngText.of(png)).isEmpty();
        assertThat(PngText.of("not a PNG".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
