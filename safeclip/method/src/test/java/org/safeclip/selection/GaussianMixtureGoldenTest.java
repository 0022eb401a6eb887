package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenCase;

/** The mixture against scikit-learn's, started from the same labels, and from our own where both splits agree. */
class GaussianMixtureGoldenTest {

    @TestFactory
    Stream<DynamicTest> fromTheSameStartAndFromTheExactSplit() {
        return Golden.tests("gmm2").check(golden -> {
            golden.attrs().require("reg_covar", 1e-6);
            golden.attrs().leave("says how the values were made", "seeding_matters", "spread_over_seeds", "advisory");
            fromTheSameStart(golden);
            fromTheExactSplit(golden);
        });
    }

    private static void fromTheSameStart(GoldenCase golden) {
        double[] x = golden.f64("x");
        boolean[] upper = upper(golden);

        GaussianMixture start = GaussianMixture.fitFrom(x, upper, tolerance(golden), 0);
        golden.assertClose("init_weights", start.weights());
        golden.assertClose("init_means", start.means());
        golden.assertClose("init_variances", start.variances());

        check(golden, GaussianMixture.fitFrom(x, upper, tolerance(golden), iterations(golden)));
    }

    private static void fromTheExactSplit(GoldenCase golden) {
        GaussianMixture mixture = GaussianMixture.fit(golden.f64("x"), tolerance(golden), iterations(golden));
        if (golden.attrs().flag("exact_2means_split")) {
            check(golden, mixture);
        } else {
            // another start may end elsewhere, but not in nonsense
            assertThat(mixture.weights()[0] + mixture.weights()[1]).isBetween(1 - 1e-12, 1 + 1e-12);
            assertThat(mixture.means()[0]).isLessThan(mixture.means()[1]);
        }
    }

    private static void check(GoldenCase golden, GaussianMixture mixture) {
        golden.assertClose("weights", mixture.weights());
        golden.assertClose("means", mixture.means());
        golden.assertClose("variances", mixture.variances());
        double[] trace = mixture.logLikelihoodTrace();
        golden.assertClose("loglik_trace", trace);
        assertThat(trace[trace.length - 1]).isCloseTo(golden.attrs().number("lower_bound"), within(1e-9));
        assertThat(mixture.iterations()).isEqualTo(golden.attrs().integer("n_iter"));
        assertThat(mixture.converged()).isEqualTo(golden.attrs().flag("converged"));

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

    private static boolean[] upper(GoldenCase golden) {
        double[] labels = golden.numbers("kmeans_label");
        boolean[] upper = new boolean[labels.length];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = labels[i] == 1;
        }
        return upper;
    }

    private static double tolerance(GoldenCase golden) {
        return golden.attrs().number("tol");
    }

    private static int iterations(GoldenCase golden) {
        return golden.attrs().integer("max_iter");
    }
}
