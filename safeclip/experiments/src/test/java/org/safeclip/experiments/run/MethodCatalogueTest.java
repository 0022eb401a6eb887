package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.TrainingPhase;

/** The phases and passes of every method, and the experiments in which a method cannot be trained. */
class MethodCatalogueTest {
    private static final int PAIRS = 43;

    @TempDir
    private Path folder;

    /** Records the phase of every epoch and its passes with their numbers of steps. */
    private record Passes(List<String> passes) implements RunListener {
        @Override
        public void epochStarted(int epoch, TrainingPhase phase) {
            passes.add(epoch + " " + phase.label() + ":");
        }

        @Override
        public void stepped(Step step) {
            if (step.number() == 1) {
                passes.set(passes.size() - 1, passes.getLast() + " " + step.objective() + " " + step.of());
            }
        }
    }

    /** 43 pairs are five batches of eight, the 20 clean ones two. */
    @ParameterizedTest
    @CsvSource({
        "clip, 1 train: cross-modal 5; 2 train: cross-modal 5; 3 train: cross-modal 5",
        "clip-plain, 1 train: cross-modal 5; 2 train: cross-modal 5; 3 train: cross-modal 5",
        "roclip, 1 train: cross-modal 5; 2 pool: pool 5; 3 train: cross-modal 5; 4 pool: pool 5",
        "cleanclip, 1 train: cross-modal 5; 2 train: cross-modal 5; 3 train: cross-modal 5;"
                + " 4 fine-tune: clean 2; 5 fine-tune: clean 2; 6 fine-tune: clean 2"
    })
    void everyMethodHasItsPhasesAndPasses(String method, String passes) throws Exception {
        assertThat(passes(method)).containsExactly(passes.split("; "));
    }

    @Test
    void safeClipWarmsUpLearnsSlowlyAndThenSplitsThePairs() throws Exception {
        List<String> passes = passes("safeclip");
        assertThat(passes.subList(0, 3))
                .containsExactly("1 warm-up: in-modal 5", "2 warm-up: in-modal 5", "3 slow: cross-modal 5");
        assertThat(passes.subList(3, passes.size()))
                .hasSize(3)
                .allMatch(epoch -> epoch.matches("[456] mixed: in-modal \\d+ cross-modal \\d+"));
    }

    private List<String> passes(String method) throws Exception {
        List<String> passes = new ArrayList<>();
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(
                    TestExperiments.of(TestExperiments.config(), PAIRS), method, backend, folder, new Passes(passes));
        }
        return passes;
    }

    @Test
    void cleanClipGetsOnlyCleanPairs() {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        int[] clean = experiment.cleanPairs();
        assertThat(clean).hasSize(20).doesNotHaveDuplicates().isEqualTo(experiment.cleanPairs());
        assertThat(IntStream.of(clean)).allMatch(row -> row >= 0 && row < PAIRS);
        assertThat(IntStream.of(clean).noneMatch(experiment.mask().rows()::get)).isTrue();
        assertThat(TestExperiments.of(TestExperiments.config("seed=1"), PAIRS).cleanPairs())
                .as("drawn from the seed")
                .isNotEqualTo(clean);
    }

    @Test
    void impossibleExperimentsAreRefused() {
        refused("cleanclip", "cleanclip.pairs=7")
                .hasMessage("cleanclip.pairs is 7, expected at least the batch of 8: fewer pairs do not fill a batch");
        refused("cleanclip", "cleanclip.pairs=40")
                .hasMessage("cleanclip.pairs is 40, expected at most the 39 clean pairs");
        refused("clip", "training.batchSize=44")
                .hasMessageStartingWith("training.batchSize is 44, expected at most the 43 pairs of the data set");
        refused("cleanclip", "data.source=own.csv")
                .hasMessageStartingWith(
                        "cleanclip needs pairs known to be clean, but it is not known which pairs of own.csv are");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(String method, String override) {
        Experiment marked = TestExperiments.of(TestExperiments.config(override), PAIRS);
        boolean own = !marked.config().data().embedded();
        Experiment experiment = own ? withoutAttack(marked) : marked;
        return assertThatThrownBy(
                        () -> TrainingRun.refuseImpossible(experiment, MethodCatalogue.STANDARD.named(method)))
                .isInstanceOf(InvalidInputException.class);
    }

    private static Experiment withoutAttack(Experiment of) {
        return new Experiment(
                of.config(),
                List.of(),
                of.pairs(),
                of.rows(),
                of.mask(),
                of.tokenizer(),
                of.fine(),
                of.coarse(),
                List.of(),
                List.of(),
                of.probeAndGallery(),
                of.remarks());
    }

    @Test
    void aFilterThatLeavesNoBatchIsRefused() throws Exception {
        Dataset all = TestExperiments.dataset(PAIRS);
        List<Pair> pairs = IntStream.range(0, PAIRS)
                .mapToObj(i ->
                        new Pair(all.train().image(i < 2 ? i : 2), all.train().caption(i)))
                .toList();
        Dataset repeated = new Dataset(
                PairSet.of(TestExperiments.SIDE, pairs),
                all.rows(),
                all.heldOut(),
                all.labelled(),
                all.fine(),
                all.coarse(),
                List.of());
        ExperimentConfig config = TestExperiments.config("clip.maxCopies=3");
        Experiment experiment = Experiment.attacked(config, repeated, List.of());
        try (Backend backend = Backends.open("simd")) {
            assertThatThrownBy(() -> TestRun.train(experiment, "clip-dedup", backend, folder, RunListener.NONE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("clip.maxCopies: with 3 the filter leaves 2 of 43 pairs");
        }
    }
}
