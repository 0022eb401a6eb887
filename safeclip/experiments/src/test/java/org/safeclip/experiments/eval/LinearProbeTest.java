package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.experiments.Golden;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/**
 * The probe is multinomial logistic regression: its optimum is scikit-learn's; its schedule learns linearly separable classes.
 */
class LinearProbeTest {
    private static final int STEPS = 3000;

    static List<Golden.Case> golden() {
        return Golden.cases("linear_probe");
    }

    @ParameterizedTest
    @MethodSource("golden")
    @SuppressWarnings("try") // the scope is there to be closed
    void optimumEqualsLogisticRegression(Golden.Case golden) throws Exception {
        int width = golden.shape("train_x")[1];
        float[][] trainX = rows(golden.f32("train_x"), width);
        int[] trainY = classes(golden.numbers("train_y"));
        float[][] testX = rows(golden.f32("test_x"), width);
        int[] testY = classes(golden.numbers("test_y"));
        int classes = Arrays.stream(trainY).max().orElseThrow() + 1;
        float penalty = (float) (1 / (2 * golden.attrs().get("C").asDouble()));
        try (Backend backend = Backends.open("simd")) {
            LinearProbe probe = LinearProbe.random(width, classes, backend, new SplittableRandom(5));
            AdamW optimizer =
                    new AdamW(probe.parameters(), AdamW.Settings.standard().withDecay(0));
            Schedule schedule = Schedule.fixed(0.05, 0, STEPS);
            Tensor weight = probe.classifier().weight();
            double objective = 0;
            for (int step = 0;
                    step <= STEPS;
                    step++) { // the last step has rate 0, so that the values read belong to the result
                try (Scope scope = backend.scope()) {
                    Tensor sum = probe.loss(backend, trainX, trainY)
                            .scale(trainY.length)
                            .add(weight.mul(weight).sum().scale(penalty));
                    objective = sum.item();
                    optimizer.step(sum.backward(), schedule.rate(step));
                }
            }
            float[] logits = probe.logits(backend, testX);
            int[] calls = Ranking.best(logits, classes);
            golden.assertClose("objective", objective);
            golden.assertClose(
                    "prediction", Arrays.stream(calls).asDoubleStream().toArray());
            golden.assertClose("probability", softmax(logits, classes));
            int hits = 0;
            for (int i = 0; i < calls.length; i++) {
                hits += calls[i] == testY[i] ? 1 : 0;
            }
            golden.assertClose("accuracy", (double) hits / calls.length);
        }
    }

    @Test
    void linearlySeparableClassesAreLearned() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            LinearProbe.Labelled train = blobs(1500, 1);
            LinearProbe.Labelled test = blobs(90, 2);
            Interval accuracy = LinearProbe.accuracy(backend, train, test, 3, new SplittableRandom(0));
            assertThat(accuracy.trials()).isEqualTo(90);
            assertThat(accuracy.rate()).isGreaterThan(.9);
            Interval again = LinearProbe.accuracy(backend, train, test, 3, new SplittableRandom(0));
            assertThat(again).as("equal seeds give equal results").isEqualTo(accuracy);

            int[] drawn =
                    new SplittableRandom(4).ints(train.labels().length, 0, 3).toArray();
            Interval chance = LinearProbe.accuracy(
                    backend, new LinearProbe.Labelled(train.features(), drawn), test, 3, new SplittableRandom(0));
            assertThat(chance.rate()).as("random labels").isLessThan(.7);
        }
    }

    /** Three clusters at the corners of a triangle in the first two of five dimensions. */
    private static LinearProbe.Labelled blobs(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] x = new float[n][5];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % 3;
            for (int d = 0; d < x[i].length; d++) {
                x[i][d] = (float) random.nextGaussian();
            }
            x[i][0] += (float) (4 * Math.cos(2 * Math.PI * y[i] / 3));
            x[i][1] += (float) (4 * Math.sin(2 * Math.PI * y[i] / 3));
        }
        return new LinearProbe.Labelled(x, y);
    }

    private static double[] softmax(float[] logits, int classes) {
        double[] p = new double[logits.length];
        for (int row = 0; row < p.length; row += classes) {
            double sum = 0;
            for (int c = row; c < row + classes; c++) {
                p[c] = Math.exp(logits[c]);
                sum += p[c];
            }
            for (int c = row; c < row + classes; c++) {
                p[c] /= sum;
            }
        }
        return p;
    }

    private static int[] classes(double... numbers) {
        return Arrays.stream(numbers).mapToInt(d -> (int) d).toArray();
    }

    private static float[][] rows(float[] numbers, int width) {
        float[][] rows = new float[numbers.length / width][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(numbers, i * width, (i + 1) * width));
        return rows;
    }
}
