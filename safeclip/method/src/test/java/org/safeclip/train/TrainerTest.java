package org.safeclip.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.RecordingListener;
import org.safeclip.TestPairs;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.loss.CrossModal;
import org.safeclip.loss.InModal;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.model.ClipModel;
import org.safeclip.model.VisionConfig;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/** What the inner loop promises: it learns, it repeats itself, and each objective looks only where it should. */
class TrainerTest {
    private static final int PAIRS = 40;

    static Stream<Arguments> encoders() {
        return Stream.of("scalar", "simd")
                .flatMap(backend -> Stream.of(TestPairs.TRANSFORMER, TestPairs.CONVOLUTIONS)
                        .map(encoder -> Arguments.of(backend, encoder)));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    @SuppressWarnings("try") // the scope is there to be closed
    void oneBatchCanBeMemorised(String name, VisionConfig encoder) throws Exception {
        try (Backend backend = Backends.open(name)) {
            TestPairs pairs = TestPairs.of(PAIRS).encodedBy(encoder);
            ClipModel model = pairs.model(backend);
            AdamW optimizer = new AdamW(model.parameters(), AdamW.Settings.standard());
            Batch batch = pairs.augmentation().plain(new int[] {0, 1, 2, 3, 4, 5}); // six colours
            float loss = Float.NaN;
            for (int step = 0; step < 150; step++) {
                try (Scope scope = backend.scope()) {
                    Tensor now = new CrossModal(1).loss(model, batch);
                    optimizer.step(now.backward(), 5e-3);
                    model.clampScale();
                    loss = now.item();
                }
            }
            assertThat(loss).isLessThan(0.02f); // it starts at about ln 6 = 1.8
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void sameSeedSameBits(String name) throws Exception {
        try (Backend backend = Backends.open(name)) {
            assertThat(trained(backend, 3)).containsExactly(trained(backend, 3));
            assertThat(trained(backend, 4)).isNotEqualTo(trained(backend, 3));
        }
    }

    @Test
    void aPassTakesWholeBatchesOnlyAndStopsAtTheLimit() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = new RecordingListener();
            Trainer trainer = TestPairs.of(PAIRS).trainedWith("maxSteps", 7).trainer(backend, heard);
            LrScheduler scheduler = new LrScheduler(Schedule.constant(1e-3));
            trainer.pass(1, new CrossModal(1), trainer.allPairs(), scheduler); // 5 batches of 8
            int[] some = IntStream.range(0, 31).toArray();
            trainer.pass(2, new CrossModal(2), some, scheduler); // 3 batches, the limit after 2
            trainer.pass(3, new CrossModal(2), trainer.allPairs(), scheduler);
            assertThat(heard.steps)
                    .extracting(step -> step.objective() + " " + step.epoch() + ": " + step.number() + "/" + step.of())
                    .containsExactly(
                            "cross-modal 1: 1/5",
                            "cross-modal 1: 2/5",
                            "cross-modal 1: 3/5",
                            "cross-modal 1: 4/5",
                            "cross-modal 1: 5/5",
                            "cross-modal 2: 1/3",
                            "cross-modal 2: 2/3");
            assertThat(trainer.steps()).isEqualTo(7);
            assertThat(scheduler.steps()).isEqualTo(7);
            assertThat(trainer.stopped()).isTrue();
        }
    }

    @Test
    void aDivergedLossIsAFaultWithAdvice() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            Trainer trainer = TestPairs.of(PAIRS).trainer(backend, TrainingListener.NONE);
            trainer.model().logitScale().value().set(Float.NaN);
            LrScheduler scheduler = new LrScheduler(Schedule.constant(1e-3));
            assertThatThrownBy(() -> trainer.pass(1, new CrossModal(1), trainer.allPairs(), scheduler))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("NaN at step 1")
                    .hasMessageContaining("lower the learning rate");
        }
    }

    /** The reason why a poisoned pair teaches nothing false in the first phase. */
    @ParameterizedTest
    @MethodSource("encoders")
    void inTheInModalLossNoImageMeetsACaption(String name, VisionConfig encoder) throws Exception {
        try (Backend backend = Backends.open(name)) {
            TestPairs pairs = TestPairs.of(PAIRS).encodedBy(encoder);
            ClipModel model = pairs.model(backend);
            Batch batch = pairs.augmentation().views(new int[] {0, 1, 2, 3}, 1, 2, Augmentation.Strength.STRONG);
            int each = batch.tokens().length;
            int[] reversed = new int[each]; // every image gets the caption of another
            int rows = 2 * batch.size();
            for (int row = 0; row < rows; row++) {
                int other = row < batch.size() ? batch.size() - 1 - row : 3 * batch.size() - 1 - row;
                System.arraycopy(
                        batch.tokens(), other * batch.length(), reversed, row * batch.length(), batch.length());
            }
            Batch mixed = new Batch(
                    batch.indices(), batch.views(), batch.imageSize(), batch.length(), batch.images(), reversed);
            assertThat(imageGradients(pairs, model, mixed)).isEqualTo(imageGradients(pairs, model, batch));
        }
    }

    private static List<List<Float>> imageGradients(TestPairs pairs, ClipModel model, Batch batch) {
        Backend backend = model.backend();
        InModal objective = new InModal(
                NeighbourPool.random(
                        16,
                        model.embedding(),
                        backend,
                        pairs.key().fold("image pool").random()),
                NeighbourPool.random(
                        16,
                        model.embedding(),
                        backend,
                        pairs.key().fold("text pool").random()),
                true);
        Gradients gradients = objective.loss(model, batch).backward();
        List<List<Float>> found = new ArrayList<>();
        for (Parameter parameter : model.parameters()) {
            if (parameter.name().startsWith("visual.")) {
                List<Float> numbers = new ArrayList<>();
                for (float number : gradients.of(parameter.tensor()).toArray()) {
                    numbers.add(number);
                }
                found.add(numbers);
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    private static float[] trained(Backend backend, long seed) {
        Trainer trainer = TestPairs.of(PAIRS).seededBy(seed).trainer(backend, TrainingListener.NONE);
        trainer.pass(1, new CrossModal(2), trainer.allPairs(), new LrScheduler(Schedule.constant(1e-3)));
        return trainer.model().text().projection().value().toArray();
    }
}
