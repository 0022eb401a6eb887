package org.safeclip;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.INT_ARRAY;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.safeclip.selection.AgreementSelector;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** Algorithm 1 goes through its phases in order, and every pair is either safe or risky in each epoch of the last one. */
class SafeClipTest {
    private static final int PAIRS = 43; // no multiple of the batch of 8

    @Test
    void thePhasesFollowEachOther() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            SafeClip method = safeClip(TestPairs.SAFECLIP, trainer);
            assertThat(method.epochs()).isEqualTo(6);
            TestPairs.train(method, trainer);
            assertThat(heard.phases()).containsExactly("warm-up", "warm-up", "slow", "mixed", "mixed", "mixed");
        }
    }

    @Test
    void everyPhaseLearnsWhatItShouldFromAsManyPairsAsItShould() throws Exception {
        RecordingListener heard = trained(Settings.with(TestPairs.SAFECLIP, "slowLearningRate", 1e-4));
        List<String> expected = new ArrayList<>(List.of("1 in-modal 5", "2 in-modal 5", "3 cross-modal 5"));
        for (int i = 0; i < heard.splits.size(); i++) {
            int risky = heard.splits.get(i).risky().length / 8;
            int once = heard.splits.get(i).safe().length / 8;
            int safe = once * (int) Math.max(1, Math.round(4.0 / once)); // several passes make about 4 steps
            if (risky > 0) {
                expected.add((4 + i) + " in-modal " + risky);
            }
            expected.add((4 + i) + " cross-modal " + safe);
        }
        assertThat(heard.passes()).isEqualTo(expected);
        assertThat(heard.steps.stream().filter(step -> step.epoch() == 3))
                .hasSize(5)
                .allSatisfy(step -> assertThat(step.learningRate()).isEqualTo(1e-4));
        assertThat(heard.scores)
                .hasSize(3)
                .allSatisfy(scores -> assertThat(scores.pairs()).isEqualTo(PAIRS));
    }

    @Test
    void theSplitIsAPartitionInEveryEpochAndGrowsByItsShare() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            SafeClipSettings settings = Settings.with(
                    TestPairs.SAFECLIP, Map.of("mixedEpochs", 6, "growth", 0.15, "cap", 0.7, "threshold", 0.99));
            SafeClip method = safeClip(settings, trainer);
            TestPairs.train(method, trainer);
            List<SafeSplit> splits = heard.splits;
            assertThat(heard.splitEpochs).containsExactly(4, 5, 6, 7, 8, 9);
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
            SafeClip method = safeClip(TestPairs.SAFECLIP, TestPairs.of(PAIRS).trainer(backend, TrainingListener.NONE));
            assertThatThrownBy(() -> method.restore(new MethodState()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the checkpoint has no entry 'warmup'");
        }
    }

    /** A new object takes the old one's place between two epochs, as after a restart; model and optimiser are the same. */
    @Test
    void whatIsWrittenDownIsAllThatIsNeededToGoOn() throws Exception {
        checkResumed(SafeClipTest::safeClip);
        checkResumed(SafeClipTest::byAgreement);
        checkResumed(SafeClipTest::byVouchedPairs);
    }

    private static void checkResumed(BiFunction<SafeClipSettings, Trainer, SafeClip> create) throws Exception {
        RecordingListener through = trained(TestPairs.SAFECLIP, create);
        for (int stop = 1; stop < 6; stop++) {
            try (Backend backend = Backends.open("simd")) {
                int last = stop;
                RecordingListener heard = new RecordingListener();
                Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
                SafeClip before = create.apply(TestPairs.SAFECLIP, trainer);
                before.train(new EpochLoop(0, () -> heard.phases().size() == last, heard));
                MethodState state = new MethodState();
                before.save(state);
                SafeClip after = create.apply(TestPairs.SAFECLIP, trainer);
                after.restore(state);
                after.train(new EpochLoop(stop, () -> false, heard));
                assertThat(heard.epochs).isEqualTo(through.epochs);
                assertThat(heard.steps).as("stopped after %d", stop).isEqualTo(through.steps);
            }
        }
    }

    @Test
    void aWeightOfZeroLeavesTheRiskyPassOut() throws Exception {
        RecordingListener heard = trained(Settings.with(TestPairs.SAFECLIP, "riskyWeight", 0));
        assertThat(heard.steps.stream().map(step -> step.epoch() + " " + step.objective()))
                .contains("1 in-modal", "3 cross-modal", "4 cross-modal")
                .doesNotContain("4 in-modal");
    }

    @Test
    void pickyThresholdFallsBackOnTheMostSimilar() throws Exception {
        RecordingListener heard = trained(Settings.with(TestPairs.SAFECLIP, "threshold", 0.999999999999));
        assertThat(heard.splits.getFirst().fellBack()).isTrue();
        assertThat(heard.splits.getFirst().safe()).hasSize(8); // a batch is more than 5 % of 43
    }

    @Test
    void theExtensionMatchesOnlyVouchedPairsSlowlyAndTakesTheBestOfBothRankings() throws Exception {
        RecordingListener paper = trained(TestPairs.SAFECLIP);
        assertThat(paper.passes()).contains("3 cross-modal 5");
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            SafeClip method = byVouchedPairs(TestPairs.SAFECLIP, trainer);
            TestPairs.train(method, trainer);
            assertThat(method.name()).isEqualTo("safeclip-agreement");
            assertThat(heard.passes()).contains("3 cross-modal 4"); // 85 % of 43 pairs, in batches of 8
            assertThat(heard.steps.subList(0, 10)).as("warm-up").isEqualTo(paper.steps.subList(0, 10));
            for (int i = 0; i < heard.splits.size(); i++) {
                double[] order = AgreementSelector.order(heard.scores.get(i), method.ranking(), 0.85);
                SafeSplit split = heard.splits.get(i);
                assertThat(IntStream.of(split.safe()))
                        .as("others vouch for them")
                        .allMatch(pair -> order[pair] > 0);
                double least = IntStream.of(split.safe())
                        .mapToDouble(pair -> order[pair])
                        .min()
                        .orElseThrow();
                assertThat(IntStream.of(split.risky())).isNotEmpty().allMatch(pair -> order[pair] <= least);
            }
        }
    }

    /** With a limit of 1 the model confirms all pairs that it scores. */
    @Test
    void pairsThatTheModelConfirmsAreMatchedFromThenOn() throws Exception {
        List<int[]> lenient = safeSets(Map.of("objection", 1.0));
        assertThat(lenient.get(1)).hasSizeGreaterThan(lenient.getFirst().length).contains(lenient.getFirst());
        assertThat(lenient.get(2)).isEqualTo(lenient.get(1));
        List<int[]> capped = safeSets(Map.of("objection", 1.0, "cap", 0.75));
        assertThat(capped.getFirst()).isEqualTo(lenient.getFirst());
        assertThat(capped.get(1)).hasSize((int) (PAIRS * 0.75));
        assertThat(lenient.get(1)).contains(capped.get(1));
        assertThat(safeSets(Map.of("objection", 0.0)))
                .allSatisfy(safe -> assertThat(safe).contains(lenient.getFirst()))
                .last(as(INT_ARRAY))
                .hasSizeLessThan(lenient.getLast().length);
    }

    private static List<int[]> safeSets(Map<String, Object> agreement) throws Exception {
        AgreementSettings given = Settings.with(AgreementSettings.defaults(), agreement);
        return trained(TestPairs.SAFECLIP, (settings, trainer) -> byAgreement(given, settings, trainer)).splits.stream()
                .map(SafeSplit::safe)
                .toList();
    }

    private static SafeClip byAgreement(SafeClipSettings settings, Trainer trainer) {
        return byAgreement(AgreementSettings.defaults(), settings, trainer);
    }

    private static SafeClip byVouchedPairs(SafeClipSettings settings, Trainer trainer) {
        AgreementSettings vouched =
                Settings.with(AgreementSettings.defaults(), "growth", AgreementSettings.Growth.VOUCHED);
        return byAgreement(vouched, settings, trainer);
    }

    private static SafeClip byAgreement(AgreementSettings agreement, SafeClipSettings settings, Trainer trainer) {
        SafeClipParts parts = SafeClipParts.paper(settings, trainer);
        return new SafeClip(settings, trainer, parts.withAgreement(agreement, settings, trainer));
    }

    private static RecordingListener trained(SafeClipSettings settings) throws Exception {
        return trained(settings, SafeClipTest::safeClip);
    }

    private static RecordingListener trained(
            SafeClipSettings settings, BiFunction<SafeClipSettings, Trainer, SafeClip> create) throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            TestPairs.train(create.apply(settings, trainer), trainer);
            return heard;
        }
    }

    private static SafeClip safeClip(SafeClipSettings settings, Trainer trainer) {
        return new SafeClip(settings, trainer);
    }
}
