package org.safeclip.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.TrainingMethod;
import org.safeclip.TrainingPhase;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** The rivals' losses on three pairs computed by hand, and who learns what when. */
class BaselinesTest {
    private static final int PAIRS = 43;
    private static final float[] I1 = {1, 0, 0, 1, 1, 1};
    private static final float[] I2 = {1, .2f, .1f, 1, 1, .8f};
    private static final float[] T1 = {.9f, .1f, -.2f, 1, 1, 1.2f};
    private static final float[] T2 = {1, -.1f, .2f, .9f, .7f, 1};
    private static final float[] TEXT_POOL = {0, 1, .8f, 1, 1, .05f, 0, -1};

    @Test
    void roClipMatchesPicturesWithTheNearestCaptions() throws Exception {
        try (Backend backend = Backends.open("scalar")) {
            NeighbourPool pool = NeighbourPool.of(unit(backend, TEXT_POOL).value(), 0);
            Tensor scale = Tensor.constant(NdArray.full(backend, Shape.of(), (float) (1 / .07)));
            Tensor loss = CaptionNeighbours.loss(pool, unit(backend, I1), scale);
            assertThat(loss.item()).isCloseTo(.03034177f, within(1e-6f));
        }
    }

    @Test
    void cleanClipAddsEachModalityByItself() throws Exception {
        try (Backend backend = Backends.open("scalar")) {
            Tensor scale = Tensor.constant(NdArray.full(backend, Shape.of(), (float) (1 / .07)));
            Tensor images = unit(backend, I1);
            Tensor texts = unit(backend, T1);
            Tensor once = CleanLoss.loss(images, texts, unit(backend, I2), unit(backend, T2), scale, 1);
            Tensor never = CleanLoss.loss(images, texts, unit(backend, I2), unit(backend, T2), scale, 0);
            assertThat(once.item()).isCloseTo(.10572033f, within(1e-6f));
            assertThat(never.item()).isCloseTo(.03220189f, within(1e-6f));
        }
    }

    @Test
    void thePoolOfRoClipIsAskedEverySecondEpochAndStartsAsCaptions() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config();
            List<String> passes = new ArrayList<>();
            Trainer learner = learner(config, backend, (objective, epoch, step, ofSteps, rate, loss, scale) -> {
                if (step == 1) {
                    passes.add(epoch + " " + objective.name() + " " + ofSteps);
                }
            });
            TrainingMethod method = new RoClip(config, learner);
            assertThat(method.phase(1)).isEqualTo(TrainingPhase.TRAIN);
            assertThat(method.phase(2)).isEqualTo(TrainingPhase.POOL);
            for (int epoch = 1; epoch <= 4; epoch++) {
                method.epoch(epoch);
            }
            assertThat(passes).containsExactly("1 cross-modal 5", "2 pool 5", "3 cross-modal 5", "4 pool 5");
        }
    }

    @Test
    void prefillingReplacesEveryRandomRow() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config();
            Trainer learner = learner(config, backend, (objective, epoch, step, ofSteps, rate, loss, scale) -> {});
            NeighbourPool pool = NeighbourPool.random(16, config.embedding(), backend, config.random("caption pool"));
            float[] before = pool.rows().toArray();
            learner.fill(2, null, pool);
            float[] after = pool.rows().toArray();
            assertThat(pool.pointer()).isZero();
            for (int row = 0; row < 16; row++) {
                double squares = 0;
                for (int i = row * config.embedding(); i < (row + 1) * config.embedding(); i++) {
                    squares += after[i] * after[i];
                }
                assertThat(squares).isCloseTo(1, within(1e-4));
                assertThat(after[row * config.embedding()]).isNotEqualTo(before[row * config.embedding()]);
            }
        }
    }

    @Test
    void cleanClipFineTunesOnTheCleanPairsAlone() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config();
            Experiment scenario = TestExperiments.of(config, PAIRS);
            int[] clean = scenario.cleanPairs();
            assertThat(clean).hasSize(20).doesNotHaveDuplicates();
            assertThat(IntStream.of(clean).noneMatch(scenario.mask().rows()::get))
                    .isTrue();
            List<String> passes = new ArrayList<>();
            Trainer learner = learner(config, backend, (objective, epoch, step, ofSteps, rate, loss, scale) -> {
                if (step == 1) {
                    passes.add(objective.name() + " " + ofSteps);
                }
            });
            TrainingMethod method = new CleanClip(config, learner, clean);
            for (int epoch = 1; epoch <= method.epochs(); epoch++) {
                method.epoch(epoch);
            }
            assertThat(passes)
                    .containsExactly(
                            "cross-modal 5", "cross-modal 5", "cross-modal 5", "clean 2", "clean 2", "clean 2");
        }
    }

    @Test
    void theFilterDropsWhatRepeatsTooOftenWithAllItsCopies() {
        byte[] once = new byte[12];
        byte[] thrice = new byte[12];
        thrice[3] = 1;
        PairSet set = PairSet.of(
                2,
                List.of(
                        new Pair(thrice, "a"),
                        new Pair(once, "b"),
                        new Pair(thrice.clone(), "c"),
                        new Pair(thrice.clone(), "d")));
        assertThat(set.copies()).containsExactly(3, 1, 3, 3);
        assertThat(DuplicateFilter.kept(set, 2)).containsExactly(1);
        assertThat(DuplicateFilter.kept(set, 3)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aFilterThatLeavesNoBatchIsRefused() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            ExperimentConfig config = TestExperiments.config();
            Trainer learner = learner(config, backend, (objective, epoch, step, ofSteps, rate, loss, scale) -> {});
            assertThatThrownBy(() -> Clip.filtered(config, learner, new int[] {1, 2}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the filter leaves 2 of 43 pairs");
        }
    }

    private static Tensor unit(Backend backend, float[] rows) {
        NdArray array = NdArray.of(backend, Shape.of(rows.length / 2, 2), rows);
        return Tensor.constant(array).l2Normalize(1e-12f);
    }

    private static Trainer learner(ExperimentConfig config, Backend backend, TrainingListener watcher) {
        Experiment scenario = TestExperiments.of(config, PAIRS);
        ClipModel model =
                ClipModel.random(config.modelShape(scenario.tokenizer().vocabulary()), backend, config.random("model"));
        return new Trainer(model, scenario.views(), scenario.gentleViews(), config.learning(), watcher);
    }
}
