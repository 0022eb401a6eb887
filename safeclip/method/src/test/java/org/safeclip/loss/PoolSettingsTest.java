package org.safeclip.loss;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pool has 2 % of the pairs, within limits, unless its size is set. */
class PoolSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "100_000, 128, 2000", // 2 %
        "99_975, 128, 2000", // 1999.5, rounded
        "99_974, 128, 1999",
        "5000, 128, 256", // never less than two batches
        "0, 2, 4",
        "3_276_800, 512, 65536", // 2 % is the largest
        "10_000_000, 512, 65536", // never more
        "1_000_000, 32_768, 65536",
        "1_000_000, 40_000, 80000", // but two batches all the same
        "2_000_000_000, 1_000_000, 2000000"
    })
    void theDefaultFollowsThePairs(String pairs, String batchSize, int rows) {
        assertThat(PoolSettings.rows(0, number(pairs), number(batchSize))).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({"1, 100, 8", "256, 100, 512", "100000, 100, 8"})
    void aSizeThatIsSetIsTaken(int size, int pairs, int batchSize) {
        assertThat(PoolSettings.rows(size, pairs, batchSize)).isEqualTo(size);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits.replace("_", ""));
    }
}
