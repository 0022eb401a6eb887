package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PcaTest {
    /** Points that vary by 3 along (1, 1, 0)/√2, by 1 along (0, 0, 1) and by 0.1 along the third direction. */
    @Test
    void theAxesAreTheDirectionsOfLargestVariance() {
        SplittableRandom random = new SplittableRandom(5);
        float[][] points = new float[2000][];
        for (int i = 0; i < points.length; i++) {
            double a = 3 * random.nextGaussian();
            double b = random.nextGaussian();
            double c = 0.1 * random.nextGaussian();
            points[i] = new float[] {(float) ((a + c) / Math.sqrt(2)), (float) ((a - c) / Math.sqrt(2)), (float) b + 7};
        }

        double[][] plane = new Pca(points).project(points);

        double[] squares = new double[2];
        double product = 0;
        for (double[] p : plane) {
            squares[0] += p[0] * p[0] / plane.length;
            squares[1] += p[1] * p[1] / plane.length;
            product += p[0] * p[1] / plane.length;
        }
        assertThat(squares[0]).isCloseTo(9, within(0.5));
        assertThat(squares[1]).isCloseTo(1, within(0.1));
        assertThat(product).isCloseTo(0, within(0.01));
    }

    @Test
    void equalPointsAreInOnePlace() {
        float[][] points = {{1, 2}, {1, 2}};
        assertThat(new Pca(points).project(points)).isDeepEqualTo(new double[][] {{0, 0}, {0, 0}});
    }
}
