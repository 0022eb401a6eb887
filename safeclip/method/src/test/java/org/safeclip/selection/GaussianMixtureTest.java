package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of the mixture, and the worked example of its description. */
class GaussianMixtureTest {
    private static final double[] WORKED = {
        .00, .02, .03, .05, .06, .07, .08, .09, .10, .11, .13, .16, .21, .24, .26, .28, .29, .30, .31, .33
    };
    private static final double[] SEEDING = {
        -.05, -.02, 0, .01, .03, .04, .05, .06, .07, .08, .09, .10, .12, .15, .18, .20, .22, .25, .30, .34
    };
    private static final Offset<Double> EIGHT_DIGITS = within(1e-8);

    @Test
    void workedExample() {
        GaussianMixture start = start(WORKED, .185);
        assertThat(start.weights()[0]).isCloseTo(.6, EIGHT_DIGITS);
        assertThat(start.means()).containsExactly(new double[] {.075, .2775}, EIGHT_DIGITS);
        assertThat(start.variances()).containsExactly(new double[] {.00199267, .00134475}, EIGHT_DIGITS);

        GaussianMixture fit = GaussianMixture.fit(WORKED, 1e-3, 100);
        assertThat(fit.iterations()).isEqualTo(2);
        assertThat(fit.converged()).isTrue();
        assertThat(fit.logLikelihoodTrace()).containsExactly(new double[] {1.10109197, 1.10146539}, EIGHT_DIGITS);
        assertThat(fit.weights()).containsExactly(new double[] {.60261649, .39738351}, EIGHT_DIGITS);
        assertThat(fit.means()).containsExactly(new double[] {.07571534, .27774854}, EIGHT_DIGITS);
        assertThat(fit.variances()).containsExactly(new double[] {.00209175, .00135873}, EIGHT_DIGITS);
        assertThat(fit.posterior(.16)).isCloseTo(.02647699, EIGHT_DIGITS);
        assertThat(fit.posterior(.21)).isCloseTo(.9183911, EIGHT_DIGITS);
        assertThat(fit.posterior(.24)).isCloseTo(.99675177, EIGHT_DIGITS);
        assertThat(fit.posterior(.13)).isCloseTo(.00053681, EIGHT_DIGITS);
        assertThat(Arrays.stream(WORKED).filter(x -> fit.posterior(x) >= .9)).hasSize(8);

        GaussianMixture tight = GaussianMixture.fit(WORKED, 1e-9, 100);
        assertThat(tight.iterations()).isEqualTo(10);
        assertThat(tight.means()).containsExactly(new double[] {.07582402, .27785395}, EIGHT_DIGITS);
        assertThat(tight.weights()).containsExactly(new double[] {.60314799, .39685201}, EIGHT_DIGITS);
    }

    @Test
    void theExactSplitNeedsNoSeed() {
        // 13 below, 7 above
        GaussianMixture fit = GaussianMixture.fit(SEEDING, 1e-3, 0);
        assertThat(fit.weights()[0]).isCloseTo(13 / 20.0, EIGHT_DIGITS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theLikelihoodNeverFallsAndPosteriorsAreProbabilities(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        int n = 2 + random.nextInt(3000);
        float[] x = new float[n];
        double gap = random.nextDouble(.4);
        double share = random.nextDouble();
        for (int i = 0; i < n; i++) {
            x[i] = (float) (random.nextDouble() < share ? random.nextGaussian(0, .05) : random.nextGaussian(gap, .1));
        }
        GaussianMixture fit = GaussianMixture.fit(x, 1e-9, 100);

        double[] trace = fit.logLikelihoodTrace();
        for (int i = 1; i < trace.length; i++) {
            // the variance floor moves the maximum by a hair
            assertThat(trace[i]).as("seed %d", seed).isGreaterThanOrEqualTo(trace[i - 1] - 1e-4);
        }
        assertThat(fit.means()[0]).isLessThanOrEqualTo(fit.means()[1]);
        float[] sorted = x.clone();
        Arrays.sort(sorted);
        double[] rising = fit.posteriors(sorted, true);
        for (int i = 0; i < n; i++) {
            assertThat(fit.posterior(x[i])).isBetween(0.0, 1.0);
            assertThat(rising[i]).isBetween(i == 0 ? 0 : rising[i - 1], 1.0);
        }
    }

    @Test
    void theGuardKeepsTheMostSimilarPairsTrusted() {
        GaussianMixture narrowOnTop = mixture(.0, .2, .01, .001);
        assertThat(narrowOnTop.posterior(.9)).isLessThan(.01);
        assertThat(narrowOnTop.risingPosterior(.9)).isGreaterThan(.9);
        assertThat(narrowOnTop.risingPosterior(.2)).isEqualTo(narrowOnTop.posterior(.2));

        GaussianMixture wideOnTop = mixture(.0, .2, .001, .01);
        assertThat(wideOnTop.posterior(-.9)).isGreaterThan(.9);
        assertThat(wideOnTop.risingPosterior(-.9)).isLessThan(.1);
        assertThat(wideOnTop.risingPosterior(.2)).isEqualTo(wideOnTop.posterior(.2));
    }

    /**
     * One Gaussian looks like two to a loose tolerance: METHOD's warning, and why the tolerance must not be tuned idly.
     */
    @Test
    void toleranceDecidesHowMuchOfOneBellIsKept() {
        RandomGenerator random = new SplittableRandom(0);
        float[] x = new float[100_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian(.117, .06);
        }
        assertThat(PairScores.of(x, new ScoringSettings(0, 1e-3, 100, false)).countAbove(.9) / 1e5)
                .isBetween(.11, .145);
        assertThat(PairScores.of(x, new ScoringSettings(0, 1e-5, 100, false)).countAbove(.9) / 1e5)
                .isBetween(.015, .05);
        assertThat(GaussianMixture.fit(x, 1e-3, 100).bicGain()).isNegative();
    }

    @Test
    void bicPrefersTwoWhereThereAreTwo() {
        assertThat(GaussianMixture.fit(WORKED, 1e-3, 100).bicGain()).isPositive();
    }

    @Test
    void theDensityIntegratesToOne() {
        GaussianMixture fit = GaussianMixture.fit(WORKED, 1e-3, 100);
        double sum = 0;
        for (int i = -1000; i < 1000; i++) {
            sum += fit.density(i * .001) * .001;
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
    }

    /** What scikit-learn 1.9 gives: k-means puts all values into one cluster, the other component stays empty at 0. */
    @ParameterizedTest
    @CsvSource({
        "  .3,   2, 1e-3, 1",
        "  .3, 100, 1e-3, 1",
        "  .3, 100, 1e-6, 1",
        "   1, 100, 1e-3, 1",
        " -.3,  10, 1e-3, 0",
        "   0,  37, 1e-3, 1",
        ".31, 100000, 1e-3, 1"
    })
    void equalValuesEndAsInScikitLearn(float value, int n, double tolerance, double posterior) {
        float[] equal = new float[n];
        Arrays.fill(equal, value);
        GaussianMixture fit = GaussianMixture.fit(equal, tolerance, 100);

        int full = value >= 0 ? 1 : 0;
        assertThat(fit.iterations()).isEqualTo(2);
        assertThat(fit.converged()).isTrue();
        assertThat(fit.means()[full]).isCloseTo(value, within(1e-12));
        assertThat(fit.means()[1 - full]).isCloseTo(0, within(1e-12));
        assertThat(fit.variances()).containsExactly(new double[] {1e-6, 1e-6}, within(1e-15));
        assertThat(fit.weights()[full]).isCloseTo(1, within(1e-12));
        // 10 eps at the start; where both means are 0, each of the two M-steps adds as much again
        double emptyCount = (value == 0 ? 30 : 10) * Math.ulp(1.0);
        assertThat(fit.weights()[1 - full] * n).isCloseTo(emptyCount, within(1e-20));
        assertThat(fit.logLikelihoodTrace()).containsExactly(new double[] {5.988816745, 5.988816745}, within(2e-9));
        assertThat(fit.bicGain()).as("one component is enough").isNegative();
        assertThat(fit.posteriors(equal, false)[0]).isCloseTo(posterior, within(1e-12));
        assertThat(fit.posteriors(equal, true)[0]).isCloseTo(posterior, within(1e-12));
    }

    @Test
    void equalValuesAreAllSafeAboveZeroAndFallBackBelow() {
        float[] equal = {.3f, .3f, .3f};
        SafeSplit all = SafeSplit.first(PairScores.of(equal), .9);
        assertThat(all.fellBack()).isFalse();
        assertThat(all.safe()).hasSize(3);

        float[] negative = {-.3f, -.3f, -.3f};
        assertThat(SafeSplit.first(PairScores.of(negative), .9).fellBack()).isTrue();
    }

    @Test
    void nonsenseIsRefusedInOneLine() {
        assertThatThrownBy(() -> GaussianMixture.fit(new float[] {.1f, Float.NaN}, 1e-3, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("similarity 1 is NaN");
        assertThatThrownBy(() -> GaussianMixture.fit(new double[] {0, Double.POSITIVE_INFINITY}, 1e-3, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("similarity 1 is Infinity");
        assertThatThrownBy(() -> GaussianMixture.fit(new float[1], 1e-3, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2");
    }

    private static GaussianMixture start(double[] x, double boundary) {
        boolean[] upper = new boolean[x.length];
        for (int i = 0; i < x.length; i++) {
            upper[i] = x[i] > boundary;
        }
        return GaussianMixture.fitFrom(x, upper, 1e-3, 0);
    }

    private static GaussianMixture mixture(double mean0, double mean1, double variance0, double variance1) {
        return new GaussianMixture(
                new double[] {.5, .5},
                new double[] {mean0, mean1},
                new double[] {variance0, variance1},
                0,
                true,
                new double[0],
                0,
                0);
    }
}
