package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.Golden;

/** The mixture against scikit-learn's, started from the same labels, and from our own where both splits agree. */
class GaussianMixtureGoldenTest {

    static List<Golden.Case> cases() {
        return Golden.cases("gmm2");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fromTheSameStart(Golden.Case golden) {
        double[] x = golden.f64("x");
        boolean[] upper = upper(golden);

        GaussianMixture start = GaussianMixture.fitFrom(x, upper, tolerance(golden), 0);
        golden.assertClose("init_weights", start.weights());
        golden.assertClose("init_means", start.means());
        golden.assertClose("init_variances", start.variances());

        check(golden, GaussianMixture.fitFrom(x, upper, tolerance(golden), iterations(golden)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fromTheExactSplit(Golden.Case golden) {
        GaussianMixture mixture = GaussianMixture.fit(golden.f64("x"), tolerance(golden), iterations(golden));
        if (golden.attrs().get("exact_2means_split").asBoolean()) {
            check(golden, mixture);
        } else {
            // another start may end elsewhere, but not in nonsense
            assertThat(mixture.weights()[0] + mixture.weights()[1]).isBetween(1 - 1e-12, 1 + 1e-12);
            assertThat(mixture.means()[0]).isLessThan(mixture.means()[1]);
        }
    }

    private static void check(Golden.Case golden, GaussianMixture mixture) {
        golden.assertClose("weights", mixture.weights());
        golden.assertClose("means", mixture.means());
        golden.assertClose("variances", mixture.variances());
        golden.assertClose("loglik_trace", mixture.logLikelihoodTrace());
        assertThat(mixture.iterations()).isEqualTo(golden.attrs().get("n_iter").asInt());
        assertThat(mixture.converged())
                .isEqualTo(golden.attrs().get("converged").asBoolean());

        double[] x = golden.f64("x");
        double[] posterior = new double[x.length];
        int above = 0;
        for (int i = 0; i < x.length; i++) {
            posterior[i] = mixture.posterior(x[i]);
            above += posterior[i] >= 0.9 ? 1 : 0;
        }
        golden.assertClose("posterior", posterior);
        golden.assertClose("above_0_9", above);
    }

    private static boolean[] upper(Golden.Case golden) {
        double[] labels = golden.numbers("kmeans_label");
        boolean[] upper = new boolean[labels.length];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = labels[i] == 1;
        }
        return upper;
    }

    private static double tolerance(Golden.Case golden) {
        return golden.attrs().get("tol").asDouble();
    }

    private static int iterations(Golden.Case golden) {
        return golden.attrs().get("max_iter").asInt();
    }
}
