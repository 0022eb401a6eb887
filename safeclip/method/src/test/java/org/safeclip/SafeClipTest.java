package org.safeclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.model.ClipModel;
import org.safeclip.selection.SafeSplit;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** Algorithm 1 goes through its phases in order, and every pair is either safe or risky in each epoch of the last one. */
class SafeClipTest {
    private static final int PAIRS = 43; // no multiple of the batch of 8
    private static final TrainingListener NOBODY = (objective, epoch, step, ofSteps, rate, loss, scale) -> {};

    @Test
    void thePhasesFollowEachOther() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            Experiment scenario = TestExperiments.of(TestExperiments.config(), PAIRS);
            SafeClip method = new SafeClip(scenario.config(), learner(scenario, backend, NOBODY), (e, t, s) -> {});
            assertThat(method.epochs()).isEqualTo(6);
            assertThat(IntStream.rangeClosed(1, 6).mapToObj(method::phase))
                    .containsExactly(TrainingPhase.WARM_UP, TrainingPhase.WARM_UP, TrainingPhase.SLOW, TrainingPhase.MIXED, TrainingPhase.MIXED, TrainingPhase.MIXED);
        }
    }

    @Test
    void everyPhaseLearnsWhatItShouldFromAsManyPairsAsItShould() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            Experiment scenario = TestExperiments.of(TestExperiments.config("slowRate=1e-4"), PAIRS);
            List<String> passes = new ArrayList<>();
            List<Double> slowRates = new ArrayList<>();
            Trainer learner = learner(scenario, backend, (objective, epoch, step, ofSteps, rate, loss, scale) -> {
                if (step == 1) {
                    passes.add(epoch + " " + objective.name() + " " + ofSteps);
                }
                if (epoch == 3) {
                    slowRates.add(rate);
                }
            });
            List<SafeSplit> splits = new ArrayList<>();
            SafeClip method = new SafeClip(scenario.config(), learner, (epoch, trust, split) -> {
                assertThat(trust.pairs()).isEqualTo(PAIRS);
                splits.add(split);
            });
            for (int epoch = 1; epoch <= method.epochs(); epoch++) {
                method.epoch(epoch);
            }
            List<String> expected = new ArrayList<>(List.of("1 in-modal 5", "2 in-modal 5", "3 cross-modal 5"));
            for (int i = 0; i < splits.size(); i++) {
                int risky = splits.get(i).risky().length / 8;
                int once = splits.get(i).safe().length / 8;
                int safe = once * (int) Math.max(1, Math.round(4.0 / once)); // several passes make about 4 steps
                if (risky > 0) {
                    expected.add((4 + i) + " in-modal " + risky);
                }
                expected.add((4 + i) + " cross-modal " + safe);
            }
            assertThat(passes).isEqualTo(expected);
            assertThat(slowRates).hasSize(5).containsOnly(1e-4);
        }
    }

    @Test
    void theSplitIsAPartitionInEveryEpochAndGrowsByItsShare() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config("mixedEpochs=6", "safeGrowth=0.15", "safeCap=0.7", "safeThreshold=0.99");
            Experiment scenario = TestExperiments.of(config, PAIRS);
            List<SafeSplit> splits = new ArrayList<>();
            SafeClip method = new SafeClip(
                    config, learner(scenario, backend, NOBODY), (epoch, trust, split) -> splits.add(split));
            for (int epoch = 1; epoch <= method.epochs(); epoch++) {
                method.epoch(epoch);
            }
            assertThat(splits).hasSize(6);
            for (SafeSplit split : splits) {
                assertThat(IntStream.concat(IntStream.of(split.safe()), IntStream.of(split.risky()))
                                .sorted())
                        .containsExactlyElementsOf(
                                IntStream.range(0, PAIRS).boxed().toList());
            }
            for (int i = 1; i < splits.size(); i++) {
                double grown = Math.min(splits.get(i - 1).share() + 0.15, 0.7);
                assertThat(splits.get(i).share()).isCloseTo(grown, Offset.offset(1e-12));
                assertThat(splits.get(i).safe()).hasSize((int) (PAIRS * grown + 1e-9));
            }
            assertThat(method.split()).isSameAs(splits.getLast());
        }
    }

    @Test
    void theStateOfAnotherMethodIsRefused() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            Experiment scenario = TestExperiments.of(TestExperiments.config(), PAIRS);
            SafeClip method = new SafeClip(scenario.config(), learner(scenario, backend, NOBODY), (e, t, s) -> {});
            assertThatThrownBy(() -> method.restore(new MethodState()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the checkpoint has no entry 'warmup'");
        }
    }

    @Test
    void aWeightOfZeroLeavesTheRiskyPassOut() throws Exception {
        assertThat(passesOf("riskyWeight=0"))
                .contains("1 in-modal", "3 cross-modal")
                .doesNotContain("4 in-modal");
    }

    @Test
    void theOrderOfThePassesIsAsAsked() throws Exception {
        assertThat(passesOf("selector=cosine", "cosineShare=0.5")).containsSubsequence("4 in-modal", "4 cross-modal");
        assertThat(passesOf("selector=cosine", "cosineShare=0.5", "passOrder=safe-risky"))
                .containsSubsequence("4 cross-modal", "4 in-modal");
        List<String> both = passesOf("selector=cosine", "cosineShare=0.5", "passOrder=interleaved").stream()
                .filter(pass -> pass.startsWith("4"))
                .toList();
        // two batches of 21 safe pairs, twice over, and two of 22 risky ones
        assertThat(both)
                .containsExactly(
                        "4 in-modal", "4 cross-modal", "4 cross-modal", "4 in-modal", "4 cross-modal", "4 cross-modal");
    }

    @Test
    void theCosineSelectorTakesTheMostSimilarShareAndGrows() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config("selector=cosine", "cosineShare=0.3", "safeGrowth=0.2", "safeCap=0.6");
            List<SafeSplit> splits = new ArrayList<>();
            SafeClip method = new SafeClip(
                    config, learner(TestExperiments.of(config, PAIRS), backend, NOBODY), (epoch, trust, split) -> {
                        float least = Float.POSITIVE_INFINITY;
                        for (int i : split.safe()) {
                            least = Math.min(least, trust.similarity()[i]);
                        }
                        for (int i : split.risky()) {
                            assertThat(trust.similarity()[i]).isLessThanOrEqualTo(least);
                        }
                        splits.add(split);
                    });
            assertThat(method.plan())
                    .anyMatch(line -> line.contains("30 % at first") && line.contains("60 % in the last"));
            for (int epoch = 1; epoch <= method.epochs(); epoch++) {
                method.epoch(epoch);
            }
            assertThat(splits).extracting(split -> split.safe().length).containsExactly(12, 21, 25);
        }
    }

    @Test
    void pickyThresholdFallsBackOnTheMostSimilar() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config("safeThreshold=0.999999999999");
            List<SafeSplit> splits = new ArrayList<>();
            SafeClip method = new SafeClip(
                    config,
                    learner(TestExperiments.of(config, PAIRS), backend, NOBODY),
                    (epoch, trust, split) -> splits.add(split));
            for (int epoch = 1; epoch <= 4; epoch++) {
                method.epoch(epoch);
            }
            assertThat(splits.getFirst().fellBack()).isTrue();
            assertThat(splits.getFirst().safe()).hasSize(8); // a batch is more than 5 % of 43
        }
    }

    /** The passes in order, each step of a changed pass a new entry. */
    private static List<String> passesOf(String... settings) throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config(settings);
            List<String> passes = new ArrayList<>();
            Trainer learner = learner(
                    TestExperiments.of(config, PAIRS),
                    backend,
                    (objective, epoch, step, ofSteps, rate, loss, scale) -> passes.add(epoch + " " + objective.name()));
            SafeClip method = new SafeClip(config, learner, (e, t, s) -> {});
            for (int epoch = 1; epoch <= 4; epoch++) {
                method.epoch(epoch);
            }
            return passes;
        }
    }

    private static Trainer learner(Experiment scenario, Backend backend, TrainingListener watcher) {
        ExperimentConfig config = scenario.config();
        ClipModel model =
                ClipModel.random(config.modelShape(scenario.tokenizer().vocabulary()), backend, config.random("model"));
        return new Trainer(model, scenario.views(), scenario.gentleViews(), config.learning(), watcher);
    }
}
