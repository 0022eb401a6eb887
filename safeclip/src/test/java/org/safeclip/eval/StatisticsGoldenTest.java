package org.safeclip.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.Golden;
import org.safeclip.trust.AreaUnderCurve;
import tools.jackson.databind.JsonNode;

/** Intervals, areas and rankings against SciPy, scikit-learn and NumPy. */
class StatisticsGoldenTest {

    static List<Golden.Case> intervals() {
        return Golden.cases("clopper_pearson");
    }

    static List<Golden.Case> areas() {
        return Golden.cases("auc");
    }

    static List<Golden.Case> zeroShot() {
        return Golden.cases("zero_shot");
    }

    static List<Golden.Case> retrieval() {
        return Golden.cases("retrieval");
    }

    @ParameterizedTest
    @MethodSource("intervals")
    void intervalsAreExact(Golden.Case golden) {
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
            // the one-sided bound at alpha is the end of the two-sided interval at 2 alpha
            oneSided[i] = Interval.clopperPearson((int) hits[i], (int) trials[i], 1 - 2 * alpha[i])
                    .high();
        }
        golden.assertClose("lower", lower);
        golden.assertClose("upper", upper);
        golden.assertClose("upper_one_sided", oneSided);
    }

    @ParameterizedTest
    @MethodSource("areas")
    void areasUnderCurves(Golden.Case golden) {
        double[] score = golden.numbers("score");
        double[] label = golden.numbers("label");
        boolean[] positive = new boolean[label.length];
        for (int i = 0; i < label.length; i++) {
            positive[i] = label[i] == 1;
        }
        golden.assertClose("roc_auc", AreaUnderCurve.roc(score, positive));
        golden.assertClose("average_precision", AreaUnderCurve.averagePrecision(score, positive));
    }

    @ParameterizedTest
    @MethodSource("zeroShot")
    void predictionsAndTopK(Golden.Case golden) {
        int classes = golden.shape("cosine")[1];
        float[] cosine = golden.f32("cosine");
        int[] labels =
                Arrays.stream(golden.numbers("labels")).mapToInt(d -> (int) d).toArray();
        golden.assertClose("prediction", widen(Ranking.best(cosine, classes)));
        golden.assertClose("topk", shares(golden, Ranking.ranks(cosine, classes, labels)));
        assertThat(Ranking.top(cosine, 0, classes, 3)[0]).isEqualTo(Ranking.best(cosine, classes)[0]);
    }

    @ParameterizedTest
    @MethodSource("retrieval")
    void retrievalRanks(Golden.Case golden) {
        int pictures = golden.shape("image_features")[0];
        int each = golden.attrs().get("captions_per_image").asInt();
        int width = golden.shape("image_features")[1];
        float[] images = golden.f32("image_features");
        float[] texts = golden.f32("text_features");
        int[] imageToText = Ranking.imageToText(cosines(images, texts, width), pictures, each);
        int[] textToImage = Ranking.textToImage(cosines(texts, images, width), pictures, each);
        golden.assertClose("i2t_rank", widen(imageToText));
        golden.assertClose("t2i_rank", widen(textToImage));
        golden.assertClose("image_to_text", shares(golden, imageToText));
        golden.assertClose("text_to_image", shares(golden, textToImage));
    }

    private static double[] shares(Golden.Case golden, int[] ranks) {
        JsonNode ks = golden.attrs().get("ks");
        double[] shares = new double[ks.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Ranking.topK(ranks, ks.get(i).asInt());
        }
        return shares;
    }

    private static float[] cosines(float[] a, float[] b, int width) {
        int rows = a.length / width;
        int columns = b.length / width;
        float[] cosines = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double dot = 0;
                double squares = 0;
                for (int k = 0; k < width; k++) {
                    dot += (double) a[i * width + k] * b[j * width + k];
                    squares += (double) b[j * width + k] * b[j * width + k];
                }
                // the length of the row's own vector does not change its ranking
                cosines[i * columns + j] = (float) (dot / Math.sqrt(squares));
            }
        }
        return cosines;
    }

    private static double[] widen(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }
}
