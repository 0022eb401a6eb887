package org.safeclip.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.safeclip.MethodState;
import org.safeclip.RecordingListener;
import org.safeclip.TestPairs;
import org.safeclip.TrainingMethod;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** The baselines' losses on three pairs computed by hand, and who learns what when. */
class BaselinesTest {
    private static final int PAIRS = 43;
    private static final ClipSettings CLIP = Settings.with(ClipSettings.defaults(), "epochs", 3);
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
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            RoClipSettings settings = Settings.with(RoClipSettings.defaults(), Map.of("epochs", 4, "poolSize", 16));
            TestPairs.train(new RoClip(settings, trainer), trainer);
            assertThat(heard.phases()).containsExactly("train", "pool", "train", "pool");
            assertThat(heard.passes()).containsExactly("1 cross-modal 5", "2 pool 5", "3 cross-modal 5", "4 pool 5");
        }
    }

    @Test
    void prefillingReplacesEveryRandomRow() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, TrainingListener.NONE);
            int width = trainer.model().embedding();
            NeighbourPool pool = NeighbourPool.random(
                    16, width, backend, trainer.key().fold("caption pool").random());
            float[] before = pool.rows().toArray();
            NeighbourPool.refill(trainer, RandomKey.refill(2), null, pool);
            float[] after = pool.rows().toArray();
            assertThat(pool.pointer()).isZero();
            for (int row = 0; row < 16; row++) {
                double squares = 0;
                for (int i = row * width; i < (row + 1) * width; i++) {
                    squares += after[i] * after[i];
                }
                assertThat(squares).isCloseTo(1, within(1e-4));
                assertThat(after[row * width]).isNotEqualTo(before[row * width]);
            }
        }
    }

    @Test
    void cleanClipFineTunesOnTheCleanPairsAlone() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            int[] clean = IntStream.range(0, 20).toArray();
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            CleanClipSettings settings =
                    Settings.with(CleanClipSettings.defaults(), Map.of("epochs", 3, "warmupSteps", 1));
            CleanClip method = new CleanClip(CLIP, settings, trainer, clean);
            assertThat(method.epochs()).isEqualTo(6);
            TestPairs.train(method, trainer);
            assertThat(heard.phases())
                    .containsExactly("train", "train", "train", "fine-tune", "fine-tune", "fine-tune");
            assertThat(heard.passes())
                    .containsExactly(
                            "1 cross-modal 5",
                            "2 cross-modal 5",
                            "3 cross-modal 5",
                            "4 clean 2",
                            "5 clean 2",
                            "6 clean 2");
        }
    }

    /** A new object takes the old one's place between two epochs, as after a restart; model and optimiser are the same. */
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenDownIsAllThatIsNeededToGoOn(Baseline baseline) throws Exception {
        List<TrainingListener.Step> through = steps(baseline, 0);
        assertThat(through).isNotEmpty();
        for (int stop = 1; stop < 4; stop++) {
            assertThat(steps(baseline, stop)).as("stopped after %d", stop).isEqualTo(through);
        }
    }

    private static List<TrainingListener.Step> steps(Baseline baseline, int stop) throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, heard);
            MethodState state = new MethodState();
            TrainingMethod before = baseline.make.apply(trainer);
            before.train(new EpochLoop(0, () -> heard.phases().size() == stop, heard));
            before.save(state);
            TrainingMethod after = baseline.make.apply(trainer);
            after.restore(state);
            after.train(new EpochLoop(stop, () -> false, heard));
            return heard.steps;
        }
    }

    private enum Baseline {
        PLAIN_CLIP(trainer -> Clip.unaugmented(CLIP, trainer)),
        CLIP_WITH_AUGMENTATION(trainer -> Clip.augmented(CLIP, trainer)),
        ROCLIP(trainer -> new RoClip(Settings.with(RoClipSettings.defaults(), "epochs", 4), trainer)),
        CLEANCLIP(trainer -> new CleanClip(
                CLIP,
                Settings.with(CleanClipSettings.defaults(), "epochs", 2),
                trainer,
                IntStream.range(0, 20).toArray()));

        private final Function<Trainer, TrainingMethod> make;

        Baseline(Function<Trainer, TrainingMethod> make) {
            this.make = make;
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
        PairSet honest = TestPairs.of(PAIRS).pairs();
        Pair repeated = new Pair(honest.image(0), "a red wall");
        TestPairs pairs = TestPairs.of(PAIRS)
                .showing(honest.replaced(IntStream.range(2, PAIRS)
                        .boxed()
                        .collect(Collectors.toMap(Function.identity(), i -> repeated))));
        try (Backend backend = Backends.open("simd")) {
            Trainer trainer = pairs.trainer(backend, TrainingListener.NONE);
            assertThatThrownBy(() -> Clip.deduplicated(CLIP, trainer, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("clip.maxCopies: with 1 the filter leaves 1 of 43 pairs");
            assertThat(Clip.deduplicated(CLIP, trainer, PAIRS).plan()).isEmpty();
        }
    }

    private static Tensor unit(Backend backend, float[] rows) {
        NdArray array = NdArray.of(backend, Shape.of(rows.length / 2, 2), rows);
        return Tensor.constant(array).l2Normalize(1e-12f);
    }
}
