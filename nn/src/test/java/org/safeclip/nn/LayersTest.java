package org.safeclip.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.IntStorage;

class LayersTest {
    private static Backend backend;

    @BeforeAll
    static void open() throws Exception {
        backend = Backends.open("scalar");
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static RandomGenerator random() {
        return new SplittableRandom(7);
    }

    @Test
    void patchesAreTokensRowByRow() {
        PatchEmbedding patches = PatchEmbedding.random(3, 2, 5, backend, random());
        Tensor image = Initialisers.normal(backend, random(), 1, 2, 3, 4, 6);
        Tensor tokens = patches.apply(image);
        assertThat(tokens.shape().dims()).containsExactly(2, 6, 5);
        Tensor map = image.conv2d(patches.weight(), null, 2, 0); // [2, 5, 2, 3]
        Tensor expected = map.reshape(2, 5, 6).permute(0, 2, 1);
        assertThat(tokens.value().toArray()).containsExactly(expected.value().toArray(), within(1e-6f));
    }

    @Test
    void aStemHalvesTheSideWithEveryConvolution() {
        ConvStem stem = ConvStem.random(new int[] {3, 4, 8}, 6, backend, random());
        Tensor image = Initialisers.normal(backend, random(), 1, 2, 3, 16, 16);
        Tensor tokens = stem.apply(image);
        assertThat(tokens.shape().dims()).containsExactly(2, 16, 6);
        Tensor map = stem.convolutions().get(0).apply(image).gelu();
        map = stem.convolutions().get(1).apply(map).gelu(); // [2, 8, 4, 4]
        Tensor expected = stem.project().apply(map.reshape(2, 8, 16).permute(0, 2, 1));
        assertThat(tokens.value().toArray()).containsExactly(expected.value().toArray(), within(1e-5f));
    }

    @Test
    void embeddingLooksUpRows() {
        Embedding table = Embedding.random(5, 3, backend, random());
        IntStorage ids = backend.allocateInts(2);
        ids.write(new int[] {4, 0}, 0, 2);
        float[] weight = table.weight().value().toArray();
        assertThat(table.apply(ids, 2).value().toArray())
                .containsExactly(weight[12], weight[13], weight[14], weight[0], weight[1], weight[2]);
    }

    @Test
    void runningStatisticsMoveInTrainingOnly() {
        BatchNorm2d norm = BatchNorm2d.of(2, backend);
        Tensor x = Tensor.constant(
                Initialisers.normal(backend, random(), 3, 4, 2, 3, 3).value());
        assertThat(norm.apply(x, false).value().toArray())
                .containsExactly(x.value().toArray(), within(1e-3f));
        assertThat(norm.runningMean().toArray()).containsExactly(0, 0);

        Tensor y = norm.apply(x, true);
        float[] mean = y.mean(0, 2, 3).value().toArray();
        assertThat(mean[0]).isCloseTo(0, within(1e-5f));
        assertThat(y.mul(y).mean(0, 2, 3).value().toArray()[1]).isCloseTo(1, within(1e-4f));

        float[] channel = x.mean(0, 2, 3).value().toArray();
        Tensor deviation =
                x.sub(Tensor.constant(x.mean(0, 2, 3).reshape(2, 1, 1).value()));
        float[] variance = deviation.mul(deviation).sum(0, 2, 3).value().toArray();
        assertThat(norm.runningMean().toArray()[0]).isCloseTo(0.1f * channel[0], within(1e-5f));
        assertThat(norm.runningVariance().toArray()[1]).isCloseTo(0.9f + 0.1f * variance[1] / 35, within(1e-4f));
    }

    @Test
    void oneNumberAChannelHasNoVariance() {
        BatchNorm2d norm = BatchNorm2d.of(2, backend);
        assertThatThrownBy(() -> norm.apply(Initialisers.ones(backend, 1, 2, 1, 1), true))
                .hasMessageContaining("larger batch");
    }

    @Test
    void initialValuesHaveTheirDeviationAndTheirSeed() {
        float[] a =
                Initialisers.normal(backend, random(), 0.02, 100, 100).value().toArray();
        float[] b =
                Initialisers.normal(backend, random(), 0.02, 100, 100).value().toArray();
        assertThat(a).isEqualTo(b);
        double squares = 0;
        for (float x : a) {
            squares += x * x;
        }
        assertThat(Math.sqrt(squares / a.length)).isCloseTo(0.02, within(0.001));
        assertThat(Initialisers.residualStd(64, 2)).isCloseTo(1 / 16.0, within(1e-12));
    }
}
