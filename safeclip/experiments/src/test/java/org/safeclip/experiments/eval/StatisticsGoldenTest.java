package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenCase;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/** Intervals, areas and rankings against SciPy, scikit-learn and NumPy. */
class StatisticsGoldenTest {

    @TestFactory
    Stream<DynamicTest> intervalsAreExact() {
        return Golden.tests("clopper_pearson").check(StatisticsGoldenTest::interval);
    }

    private static void interval(GoldenCase golden) {
        double[] hits = golden.numbers("k");
        double[] trials = golden.numbers("n");
        double[] alpha = golden.numbers("alpha");
        double[] lower = new double[hits.length];
        double[] upper = new double[hits.length];
        double[] oneSided = new double[hits.length];
        for (int i = 0; i < hits.length; i++) {
            Interval both = Interval.clopperPearson((int) hits[i], (int) trials[i], 1 - alpha[i]);
            lower[i] = both.low();
            upper[i] = both.high();
            // the one-sided bound at alpha is an end of the two-sided interval at 2 alpha
            oneSided[i] = Interval.clopperPearson((int) hits[i], (int) trials[i], 1 - 2 * alpha[i])
                    .high();
        }
        golden.assertClose("lower", lower);
        golden.assertClose("upper", upper);
        golden.assertClose("upper_one_sided", oneSided);
    }

    @TestFactory
    Stream<DynamicTest> areasUnderCurves() {
        return Golden.tests("auc").check(StatisticsGoldenTest::areas);
    }

    private static void areas(GoldenCase golden) {
        double[] score = golden.numbers("score");
        double[] label = golden.numbers("label");
        boolean[] positive = new boolean[label.length];
        for (int i = 0; i < label.length; i++) {
            positive[i] = label[i] == 1;
        }
        golden.assertClose("roc_auc", AreaUnderCurve.roc(score, positive));
        golden.assertClose("average_precision", AreaUnderCurve.averagePrecision(score, positive));
        golden.leave("average precision is the area reported here", "outputs", "pr_auc_trapezoid");
    }

    @TestFactory
    Stream<DynamicTest> zeroShot() {
        return Golden.tests("zero_shot").check(golden -> {
            promptEnsembles(golden);
            predictionsAndTopK(golden);
        });
    }

    private static void predictionsAndTopK(GoldenCase golden) {
        int classes = golden.shape("cosine")[1];
        float[] cosine = golden.f32("cosine");
        int[] labels =
                Arrays.stream(golden.numbers("labels")).mapToInt(d -> (int) d).toArray();
        golden.assertClose("prediction", widen(Ranking.best(cosine, classes)));
        golden.assertClose("topk", shares(golden, Ranking.ranks(cosine, classes, labels)));
        assertThat(Ranking.top(cosine, 0, classes, 3)[0]).isEqualTo(Ranking.best(cosine, classes)[0]);
    }

    private static void promptEnsembles(GoldenCase golden) {
        int[] shape = golden.shape("template_embeddings"); // [C, templates, E]
        float[][] prompts = rows(golden.f32("template_embeddings"), shape[2]);
        float[][] classifier = new float[shape[0]][];
        for (int c = 0; c < classifier.length; c++) {
            classifier[c] = ZeroShot.ensemble(Arrays.copyOfRange(prompts, c * shape[1], (c + 1) * shape[1]));
        }
        golden.assertClose("classifier", flat(classifier));
        float[][] images = units(rows(golden.f32("image_features"), shape[2]));
        float[] cosine = new float[images.length * classifier.length];
        for (int i = 0; i < cosine.length; i++) {
            cosine[i] = (float) dot(images[i / classifier.length], classifier[i % classifier.length]);
        }
        golden.assertClose("cosine", cosine);
    }

    @TestFactory
    Stream<DynamicTest> retrievalRanks() {
        return Golden.tests("retrieval").check(StatisticsGoldenTest::retrieval);
    }

    private static void retrieval(GoldenCase golden) throws BackendUnavailable {
        int each = golden.attrs().integer("captions_per_image");
        int width = golden.shape("image_features")[1];
        float[][] images = units(rows(golden.f32("image_features"), width));
        float[][] texts = units(rows(golden.f32("text_features"), width));
        int[] imageOf = new int[texts.length];
        Arrays.setAll(imageOf, c -> c / each);
        int[] imageToText;
        int[] textToImage;
        try (Backend backend = Backends.open("scalar")) {
            imageToText = Retrieval.imageToText(backend, images, texts, imageOf);
            textToImage = Retrieval.textToImage(backend, images, texts, imageOf);
        }
        golden.assertClose("i2t_rank", widen(imageToText));
        golden.assertClose("t2i_rank", widen(textToImage));
        golden.assertClose("image_to_text", shares(golden, imageToText));
        golden.assertClose("text_to_image", shares(golden, textToImage));
    }

    private static double[] shares(GoldenCase golden, int[] ranks) {
        int[] ks = golden.attrs().integers("ks");
        double[] shares = new double[ks.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Ranking.topK(ranks, ks[i]).rate();
        }
        return shares;
    }

    private static float[][] rows(float[] numbers, int width) {
        float[][] rows = new float[numbers.length / width][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(numbers, i * width, (i + 1) * width));
        return rows;
    }

    private static float[] flat(float[]... rows) {
        float[] numbers = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, numbers, i * rows[i].length, rows[i].length);
        }
        return numbers;
    }

    private static float[][] units(float[]... rows) {
        return Arrays.stream(rows).map(ZeroShot::ensemble).toArray(float[][]::new);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] widen(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }
}
