package org.safeclip.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.safeclip.RecordingListener;
import org.safeclip.SafeClip;
import org.safeclip.SafeClipSettings;
import org.safeclip.TestPairs;
import org.safeclip.loss.PoolSettings;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** The parts of the release do what they say in SafeCLIP, and without them it is the paper's. */
class ReferenceSettingsTest {
    private static final int PAIRS = 43;
    private static final ReferenceSettings.Selector COSINE = ReferenceSettings.Selector.COSINE;

    @Test
    void theDefaultsAreSafeClipItself() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener paper = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, paper);
            TestPairs.train(new SafeClip(TestPairs.SAFECLIP, trainer), trainer);
            assertThat(trained(TestPairs.SAFECLIP, Map.of()).steps).isEqualTo(paper.steps);
        }
    }

    @Test
    void theOrderOfThePassesIsAsAsked() throws Exception {
        assertThat(fourthEpoch(PassOrder.RISKY_SAFE))
                .containsExactly("in-modal", "in-modal", "cross-modal", "cross-modal", "cross-modal", "cross-modal");
        assertThat(fourthEpoch(PassOrder.SAFE_RISKY))
                .containsExactly("cross-modal", "cross-modal", "cross-modal", "cross-modal", "in-modal", "in-modal");
        // two batches of 21 safe pairs, twice over, and two of 22 risky ones
        assertThat(fourthEpoch(PassOrder.INTERLEAVED))
                .containsExactly("in-modal", "cross-modal", "cross-modal", "in-modal", "cross-modal", "cross-modal");
    }

    private static List<String> fourthEpoch(PassOrder order) throws Exception {
        return trained(TestPairs.SAFECLIP, Map.of("selector", COSINE, "cosineShare", 0.5, "passOrder", order))
                .steps
                .stream()
                .filter(step -> step.epoch() == 4)
                .map(TrainingListener.Step::objective)
                .toList();
    }

    @Test
    void theCosineSelectorTakesTheMostSimilarShareAndGrows() throws Exception {
        SafeClipSettings settings = Settings.with(TestPairs.SAFECLIP, Map.of("growth", 0.2, "cap", 0.6));
        RecordingListener heard = trained(settings, Map.of("selector", COSINE, "cosineShare", 0.3));
        assertThat(heard.splits).extracting(split -> split.safe().length).containsExactly(12, 21, 25);
        for (int i = 0; i < 3; i++) {
            SafeSplit split = heard.splits.get(i);
            PairScores scores = heard.scores.get(i);
            float least = Float.POSITIVE_INFINITY;
            for (int pair : split.safe()) {
                least = Math.min(least, scores.similarity()[pair]);
            }
            for (int pair : split.risky()) {
                assertThat(scores.similarity()[pair]).isLessThanOrEqualTo(least);
            }
        }
    }

    @Test
    void thePlanSaysHowTheSafeSetGrows() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, TrainingListener.NONE);
            SafeClipSettings settings = Settings.with(TestPairs.SAFECLIP, Map.of("growth", 0.2, "cap", 0.6));
            assertThat(safeClip(settings, trainer, Map.of("selector", COSINE, "cosineShare", 0.3))
                            .plan())
                    .anyMatch(line -> line.contains("30 % at first") && line.contains("60 % in the last"));
            assertThat(safeClip(settings, trainer, Map.of()).plan())
                    .anyMatch(line -> line.contains("the mixture decides") && line.contains("52 % in the last"));
        }
    }

    @Test
    void theRatesOfTheReleaseAreCountedItsWay() throws Exception {
        Map<String, ?> rule = Map.of("learningRates", ReferenceSettings.LearningRateRule.REFERENCE);
        SafeClipSettings settings = TestPairs.SAFECLIP;
        List<Double> own = warmupRates(trained(settings, Map.of()));
        assertThat(own.getLast()).as("the cosine ends with its passes").isLessThan(0.1 * own.get(1));
        List<Double> released = warmupRates(trained(settings, rule));
        assertThat(released.getFirst())
                .as("counted from epoch 1, so past the rise")
                .isGreaterThan(own.getFirst());
    }

    private static List<Double> warmupRates(RecordingListener heard) {
        return heard.steps.stream()
                .filter(step -> step.epoch() <= 2)
                .map(TrainingListener.Step::learningRate)
                .toList();
    }

    private static RecordingListener trained(SafeClipSettings settings, Map<String, ?> reference) throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            TestPairs.train(safeClip(settings, trainer, reference), trainer);
            return heard;
        }
    }

    private static SafeClip safeClip(SafeClipSettings settings, Trainer trainer, Map<String, ?> reference) {
        return Settings.with(ReferenceSettings.defaults(), reference)
                .safeClip(settings, ScoringSettings.defaults(), PoolSettings.defaults(), trainer);
    }
}
