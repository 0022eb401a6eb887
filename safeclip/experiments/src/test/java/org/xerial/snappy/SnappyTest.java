package org.xerial.snappy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Snappy's raw format by the examples of its description, and damage. */
class SnappyTest {
    private static String text(String hex, int room) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(room);
        int length = Snappy.uncompress(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), out);
        assertThat(out.limit()).isEqualTo(length);
        return new String(out.array(), 0, length, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "00, ''",
        "03 08 616263, abc",
        "0b 04 7879 22 0200, xyxyxyxyxyx",
        "08 04 6162 09 02, abababab",
        "06 f0 05 616263646566, abcdef"
    })
    void literalsAndCopies(String hex, String expected) throws Exception {
        String packed = hex.replace(" ", "");
        int length = Integer.parseInt(packed.substring(0, 2), 16);
        assertThat(text(packed, 64)).isEqualTo(expected.substring(0, length));
    }

    @Test
    void theLengthMustFit() {
        assertThatThrownBy(() -> text("0308616263", 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("room for 2");
        assertThatThrownBy(() -> text("0408616263", 9)).hasMessageContaining("1 bytes are missing");
        assertThatThrownBy(() -> text("ffffffff0f00", 9)).isInstanceOf(IOException.class);
    }

    @Test
    void damageIsRefused() {
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] data = new byte[1 + random.nextInt(40)];
            random.nextBytes(data);
            ByteBuffer out = ByteBuffer.allocate(100);
            try {
                assertThat(Snappy.uncompress(ByteBuffer.wrap(data), out.slice(20, 60)))
                        .isBetween(0, 60);
            } catch (IOException e) {
                refused++;
            }
            for (int at = 0; at < 100; at += at == 19 ? 61 : 1) {
                assertThat(out.get(at)).isZero();
            }
        }
        assertThat(refused).isGreaterThan(19_000);
    }
}
