package org.safeclip.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.Config;
import org.safeclip.Scenarios;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.learn.Embeddings;
import org.safeclip.model.ClipModel;
import org.safeclip.run.Scenario;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Gradient descent in the pixels: pictures leave their captions, no pixel goes far, and the model stays. */
class PgdTest {
    private static final int EPSILON = 8;

    @Test
    void picturesMoveAwayFromTheirCaptionsWithinBounds() throws Exception {
        Config config = Scenarios.config();
        Scenario scenario = Scenarios.of(config, 24);
        PairSet set = scenario.pairs();
        List<Pair> pairs = IntStream.range(0, 10)
                .mapToObj(i -> new Pair(set.image(i), set.caption(i)))
                .toList();
        try (Backend backend = Backends.open("simd")) {
            ClipModel model = ClipModel.random(
                    config.modelShape(scenario.tokenizer().vocabulary()), backend, config.random("model"));
            Pgd pgd = new Pgd(model, scenario.tokenizer(), config.context(), EPSILON, 10);
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
                double closer = cosine(scenario, model, before, pairs.get(p).caption());
                assertThat(cosine(scenario, model, hardened.get(p), pairs.get(p).caption()))
                        .isLessThan(closer - 0.01);
            }
            assertThat(moved).isGreaterThan(pairs.size() * set.image(0).length / 2);
        }
    }

    @Test
    void aWalkOfNoLengthIsRefused() throws Exception {
        Scenario scenario = Scenarios.of(Scenarios.config(), 24);
        try (Backend backend = Backends.open("simd")) {
            Config config = scenario.config();
            ClipModel model = ClipModel.random(
                    config.modelShape(scenario.tokenizer().vocabulary()), backend, config.random("model"));
            assertThatThrownBy(() -> new Pgd(model, scenario.tokenizer(), config.context(), 0, 10))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pgdEpsilon");
        }
    }

    private static double cosine(Scenario scenario, ClipModel model, byte[] picture, String caption) {
        float[] seen = Embeddings.images(model, List.of(picture), Scenarios.SIDE)[0];
        float[] said = Embeddings.texts(
                model, List.of(caption), scenario.tokenizer(), scenario.config().context())[0];
        double sum = 0;
        for (int i = 0; i < seen.length; i++) {
            sum += seen[i] * (double) said[i];
        }
        return sum;
    }
}
