package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Embeddings;

/** PGD: the images become less similar to their captions within the bounds, and the model does not change. */
class PgdTest {
    private static final int EPSILON = 8;

    @Test
    void imagesBecomeLessSimilarToTheirCaptionsWithinBounds() throws Exception {
        ExperimentConfig config = TestExperiments.config();
        Experiment experiment = TestExperiments.of(config, 24);
        PairSet set = experiment.pairs();
        List<Pair> pairs = IntStream.range(0, 10)
                .mapToObj(i -> new Pair(set.image(i), set.caption(i)))
                .toList();
        try (Backend backend = Backends.open("simd")) {
            ClipModel model = experiment.model(backend);
            Pgd pgd =
                    new Pgd(model, experiment.tokenizer(), config.model().text().context(), EPSILON, 10);
            List<byte[]> hardened = pgd.harden(pairs);
            assertThat(pgd.harden(pairs)).usingRecursiveComparison().isEqualTo(hardened);
            int moved = 0;
            for (int p = 0; p < pairs.size(); p++) {
                byte[] before = set.image(p);
                assertThat(pairs.get(p).image()).isEqualTo(before);
                for (int i = 0; i < before.length; i++) {
                    int change = Math.abs((hardened.get(p)[i] & 0xff) - (before[i] & 0xff));
                    assertThat(change).isLessThanOrEqualTo(EPSILON);
                    moved += change > 0 ? 1 : 0;
                }
                double closer = cosine(experiment, model, before, pairs.get(p).caption());
                assertThat(cosine(
                                experiment, model, hardened.get(p), pairs.get(p).caption()))
                        .isLessThan(closer - 0.01);
            }
            assertThat(moved).isGreaterThan(pairs.size() * set.image(0).length / 2);
        }
    }

    @Test
    void zeroStepsAreRefused() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), 24);
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = experiment.config();
            ClipModel model = experiment.model(backend);
            assertThatThrownBy(() -> new Pgd(
                            model, experiment.tokenizer(), config.model().text().context(), 0, 10))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pgdEpsilon");
        }
    }

    private static double cosine(Experiment experiment, ClipModel model, byte[] image, String caption) {
        float[] imageEmbedding = Embeddings.ofImages(model, List.of(image), TestExperiments.SIDE)[0];
        float[] captionEmbedding = Embeddings.ofCaptions(
                model,
                List.of(caption),
                experiment.tokenizer(),
                experiment.config().model().text().context())[0];
        double sum = 0;
        for (int i = 0; i < imageEmbedding.length; i++) {
            sum += imageEmbedding[i] * (double) captionEmbedding[i];
        }
        return sum;
    }
}
