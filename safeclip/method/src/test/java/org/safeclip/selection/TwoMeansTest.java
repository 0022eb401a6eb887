package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The split by buckets against every cut of the sorted numbers. */
class TwoMeansTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void noCutIsBetter(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[2 + random.nextInt(20_000)];
        double gap = random.nextDouble(3);
        double outlier = random.nextBoolean() ? 1000 : 1; // squeezes the others into a few buckets
        for (int i = 0; i < x.length; i++) {
            double value = random.nextGaussian() + (random.nextBoolean() ? gap : 0);
            x[i] = seed % 3 == 0 ? Math.rint(4 * value) : value; // ties
        }
        x[0] = outlier;

        double boundary = TwoMeans.boundary(x);
        assertThat(x).contains(boundary);
        assertThat(squares(x, boundary)).isCloseTo(leastSquares(x), within(1e-9 * leastSquares(x)));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1, NaN", "0,1,1, 1", "-3,-3,5, 5", "0,1e-310,0, 1e-310", "1,2,3, 2"})
    void fewNumbers(double a, double b, double c, double boundary) {
        assertThat(TwoMeans.boundary(new double[] {a, b, c})).isEqualTo(Double.valueOf(boundary));
    }

    private static double leastSquares(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        double least = Double.POSITIVE_INFINITY;
        double[] below = prefix(sorted);
        double[] squares = prefix(Arrays.stream(sorted).map(v -> v * v).toArray());
        int n = sorted.length;
        for (int k = 1; k < n; k++) {
            double above = below[n] - below[k];
            least = Math.min(least, squares[n] - below[k] * below[k] / k - above * above / (n - k));
        }
        return least;
    }

    private static double[] prefix(double[] x) {
        double[] sums = new double[x.length + 1];
        for (int i = 0; i < x.length; i++) {
            sums[i + 1] = sums[i] + x[i];
        }
        return sums;
    }

    private static double squares(double[] x, double boundary) {
        double[] lower = Arrays.stream(x).filter(v -> v < boundary).toArray();
        double[] upper = Arrays.stream(x).filter(v -> v >= boundary).toArray();
        return squares(lower) + squares(upper);
    }

    private static double squares(double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    }
}
