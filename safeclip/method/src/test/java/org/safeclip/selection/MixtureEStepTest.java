package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sums of a pass in vectors against the formulas, value by value. */
class MixtureEStepTest {
    private static final double[] WEIGHTS = {.7, .3};
    private static final double[] MEANS = {-.1, .3};
    private static final double[] VARIANCES = {.02, .005};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 31, 4096, 5003, 40_001})
    void sumsAreThoseOfTheFormulas(int n) {
        double[] x = values(n);
        double likelihood = 0;
        double[] sums = new double[6];
        for (double value : x) {
            double p0 = weighted(0, value);
            double p1 = weighted(1, value);
            likelihood += Math.log(p0 + p1);
            add(sums, 0, p0 / (p0 + p1), value - MEANS[0]);
            add(sums, 3, p1 / (p0 + p1), value - MEANS[1]);
        }
        double[] got = pass(x);
        assertThat(got[0]).isCloseTo(likelihood, within(1e-11 * n));
        for (int s = 0; s < sums.length; s++) {
            assertThat(got[s + 1]).as("sum %d", s).isCloseTo(sums[s], within(1e-13 * n));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 5003, 40_001})
    void aCutGivesEachValueToOneSide(int n) {
        double[] x = values(n);
        double boundary = .15;
        double[] sums = new double[6];
        for (double value : x) {
            add(sums, value >= boundary ? 3 : 0, 1, value - boundary);
        }
        MixtureEStep eStep = new MixtureEStep();
        eStep.cut(x, boundary);
        double[] got = sums(eStep);
        for (int s = 0; s < sums.length; s++) {
            assertThat(got[s + 1]).as("sum %d", s).isCloseTo(sums[s], within(1e-13 * n));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e3, -1e3, 1e100})
    void farAwayNothingOverflows(double far) {
        double[] x = new double[64];
        Arrays.fill(x, far);
        double[] got = pass(x);
        assertThat(got[1] + got[4]).isCloseTo(64, within(1e-12));
        assertThat(got).doesNotContain(Double.NaN);
    }

    private static double[] pass(double[] x) {
        MixtureEStep eStep = new MixtureEStep();
        eStep.set(WEIGHTS, MEANS, VARIANCES);
        eStep.pass(x);
        return sums(eStep);
    }

    private static double[] sums(MixtureEStep n) {
        return new double[] {
            n.logLikelihood(), n.count(0), n.offsets(0), n.squares(0), n.count(1), n.offsets(1), n.squares(1)
        };
    }

    private static void add(double[] sums, int at, double share, double off) {
        sums[at] += share;
        sums[at + 1] += share * off;
        sums[at + 2] += share * off * off;
    }

    private static double weighted(int k, double x) {
        double off = x - MEANS[k];
        return WEIGHTS[k] * Math.exp(-off * off / (2 * VARIANCES[k])) / Math.sqrt(2 * Math.PI * VARIANCES[k]);
    }

    private static double[] values(int n) {
        SplittableRandom random = new SplittableRandom(n);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextGaussian(random.nextBoolean() ? -.1 : .3, .2);
        }
        return x;
    }
}
