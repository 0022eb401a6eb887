package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenCase;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/** The probe is multinomial logistic regression: its optimum is scikit-learn's; its schedule learns what a line can tell. */
class LinearProbeTest {
    private static final int STEPS = 3000;

    @TestFactory
    Stream<DynamicTest> theOptimumIsThatOfLogisticRegression() {
        return Golden.tests("linear_probe").check(List.of("simd"), LinearProbeTest::optimum);
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static void optimum(GoldenCase golden, Backend backend) {
        int width = golden.shape("train_x")[1];
        float[][] trainX = rows(golden.f32("train_x"), width);
        int[] trainY = classes(golden.numbers("train_y"));
        float[][] testX = rows(golden.f32("test_x"), width);
        int[] testY = classes(golden.numbers("test_y"));
        golden.attrs().leave("says how far the nearest prediction is from a tie", "min_prob_gap");
        int classes = Arrays.stream(trainY).max().orElseThrow() + 1;
        float penalty = (float) (1 / (2 * golden.attrs().number("C")));
        LinearProbe probe = LinearProbe.random(width, classes, backend, new SplittableRandom(5));
        AdamW optimizer =
                new AdamW(probe.parameters(), AdamW.Settings.standard().withDecay(0));
        Schedule schedule = Schedule.fixed(0.05, 0, STEPS);
        Tensor weight = probe.classifier().weight();
        double objective = 0;
        for (int step = 0; step <= STEPS; step++) { // the last at rate 0: what is read then belongs to the result
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
        golden.assertClose("prediction", Arrays.stream(calls).asDoubleStream().toArray());
        golden.assertClose("probability", softmax(logits, classes));
        int hits = 0;
        for (int i = 0; i < calls.length; i++) {
            hits += calls[i] == testY[i] ? 1 : 0;
        }
        golden.assertClose("accuracy", (double) hits / calls.length);
    }

    @Test
    void theScheduleLearnsWhatALineCanTell() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            LinearProbe.Labelled train = blobs(1500, 1);
            LinearProbe.Labelled test = blobs(90, 2);
            Interval accuracy = LinearProbe.accuracy(backend, train, test, 3, new SplittableRandom(0));
            assertThat(accuracy.trials()).isEqualTo(90);
            assertThat(accuracy.rate()).isGreaterThan(.9);
            Interval again = LinearProbe.accuracy(backend, train, test, 3, new SplittableRandom(0));
            assertThat(again).as("same seed, same answer").isEqualTo(accuracy);

            int[] drawn =
                    new SplittableRandom(4).ints(train.labels().length, 0, 3).toArray();
            Interval chance = LinearProbe.accuracy(
                    backend, new LinearProbe.Labelled(train.features(), drawn), test, 3, new SplittableRandom(0));
            assertThat(chance.rate()).as("labels that mean nothing").isLessThan(.7);
        }
    }

    /** Three clouds around corners of a triangle in the first two of five dimensions. */
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
