package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.attack.Verification;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** A resumed run equals an uninterrupted one, wherever it stopped, and runs are reproducible bit by bit. */
class TrainingRunTest {
    private static final int PAIRS = 43;
    private static final MethodCatalogue.Entry CLEANCLIP = MethodCatalogue.STANDARD.named("cleanclip");

    @TempDir
    private Path folder;

    static Stream<Arguments> runs() {
        String[] convolutions = {
            "model.vision.layers=0",
            "model.vision.stem=[4, 8]",
            "model.vision.patch=0",
            "scoring.draws=2",
            "safeclip.crossView=false"
        };
        String[] everyOption = {
            "pools.neighbours=true",
            "pools.neighboursAfter=1",
            "pools.refill=true",
            "reference.learningRates=reference",
            "reference.passOrder=interleaved",
            "safeclip.riskyWeight=0.5",
            "reference.selector=cosine",
            "reference.staticCaptions=true",
            "safeclip.crossView=true"
        };
        return Stream.of(
                Arguments.of("clip", new String[0]),
                Arguments.of("clip", convolutions),
                Arguments.of("clip-plain", new String[0]),
                Arguments.of("clip-dedup", new String[0]),
                Arguments.of("roclip", convolutions),
                Arguments.of("cleanclip", convolutions),
                Arguments.of("safeclip", new String[0]),
                Arguments.of("safeclip", everyOption),
                Arguments.of("safeclip", convolutions),
                Arguments.of("clip-agreement", new String[0]),
                Arguments.of("safeclip-agreement", new String[0]),
                Arguments.of("safeclip-agreement", new String[] {"agreement.features=encoded"}));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void resumedRunsEqualUninterruptedOnes(String method, String[] settings) throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(settings), PAIRS);
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        try (Backend backend = Backends.open("simd")) {
            int epochs = TestRun.train(experiment, method, backend, straight, RunListener.NONE);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                int cut = epoch;
                assertThatThrownBy(() -> TestRun.train(experiment, method, backend, broken, new TestRun.CutAt(cut)))
                        .isInstanceOf(TestRun.PowerCut.class);
                assertThat(Files.exists(broken.resolve("model.safetensors"))).isEqualTo(epoch > 1);
            }
            TestRun.train(experiment, method, backend, broken, RunListener.NONE);
        }
        assertThat(TestRun.metrics(broken)).isEqualTo(TestRun.metrics(straight)).isNotEmpty();
        assertThat(TestRun.tensors(broken)).isEqualTo(TestRun.tensors(straight)).isNotEmpty();
    }

    /** The short form of a process that is killed again and again, at any step. */
    @ParameterizedTest
    @MethodSource("runs")
    void runsThatAreCutAtRandomStepsEqualUninterruptedOnes(String method, String[] settings) throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(settings), PAIRS);
        MethodCatalogue.Entry entry = MethodCatalogue.STANDARD.named(method);
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        SplittableRandom random = new SplittableRandom(method.hashCode() + settings.length);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, method, backend, straight, RunListener.NONE);
            int cuts = 0;
            for (boolean finished = false; !finished; cuts++) {
                CheckpointInterval interval = new CheckpointInterval(random.nextInt(1, 4), Duration.ZERO);
                RunListener cut = new TestRun.CutAfter(random.nextInt(1, 6));
                try {
                    TestRun.train(experiment, entry, backend, broken, cut, interval);
                    finished = true;
                } catch (TestRun.PowerCut e) {
                    assertThat(cuts).as("it gets on").isLessThan(200);
                }
            }
            assertThat(cuts).isGreaterThan(3);
        }
        assertThat(TestRun.metrics(broken)).isEqualTo(TestRun.metrics(straight)).isNotEmpty();
        assertThat(TestRun.tensors(broken)).isEqualTo(TestRun.tensors(straight)).isNotEmpty();
    }

    @Test
    void aRunThatIsAskedToStopSavesItsStateAfterTheStep() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        MethodCatalogue.Entry method = MethodCatalogue.STANDARD.named("safeclip");
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path stopped = Files.createDirectory(folder.resolve("stopped"));
        StopRequest stop = new StopRequest();
        CountDownLatch withinAnEpoch = new CountDownLatch(1);
        RunListener waits = new RunListener() {
            @Override
            public void stepped(Step step) {
                while (step.taken() == 7 && !stop.isAsked()) {
                    withinAnEpoch.countDown();
                    Thread.onSpinWait();
                }
            }
        };
        CheckpointInterval never = CheckpointInterval.parse("0");
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "safeclip", backend, straight, RunListener.NONE);
            assertThat(stop.isRunning()).isFalse();
            FutureTask<Integer> run =
                    new FutureTask<>(() -> TestRun.train(experiment, method, backend, stopped, waits, never, stop));
            Thread thread = Thread.ofPlatform().start(run);
            withinAnEpoch.await();
            assertThat(stop.ask(Duration.ofMinutes(1))).isTrue();
            String steps = Checkpoint.metadata(TestRun.checkpoint(stopped)).getOrDefault("steps", "");
            assertThat(Integer.parseInt(steps))
                    .as("steps of which the listener hears late: the rest of an epoch of five at most")
                    .isBetween(8, 10);
            assertThat(run.isDone()).isFalse();
            thread.interrupt();
            assertThatThrownBy(run::get).hasRootCauseMessage("stopped after its state was saved");
            TestRun.train(experiment, "safeclip", backend, stopped, RunListener.NONE);
        }
        assertThat(TestRun.metrics(stopped))
                .isEqualTo(TestRun.metrics(straight))
                .isNotEmpty();
        assertThat(TestRun.tensors(stopped))
                .isEqualTo(TestRun.tensors(straight))
                .isNotEmpty();
    }

    @Test
    void aDamagedCheckpointFallsBackToTheOneBefore() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        List<String> warnings = new ArrayList<>();
        RunListener warned = new RunListener() {
            @Override
            public void warned(String warning) {
                warnings.add(warning);
            }
        };
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, straight, RunListener.NONE);
            assertThatThrownBy(() -> TestRun.train(experiment, "clip", backend, broken, new TestRun.CutAt(3)))
                    .isInstanceOf(TestRun.PowerCut.class);
            Path checkpoint = TestRun.checkpoint(broken);
            byte[] whole = Files.readAllBytes(checkpoint);
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 20; i++) {
                byte[] flipped = whole.clone();
                flipped[8 + random.nextInt(i < 10 ? 2000 : whole.length - 8)] ^= (byte) (1 << random.nextInt(8));
                Files.write(checkpoint, flipped);
                assertThat(CheckpointFiles.newest(checkpoint, warnings::add))
                        .isEqualTo(broken.resolve("model.previous.safetensors"));
                assertThat(warnings).hasSize(i + 1).last().asString().contains("model.safetensors", "the one before");
            }
            warnings.clear();
            TestRun.train(experiment, "clip", backend, broken, warned);
            assertThat(warnings).hasSize(1);
            assertThat(TestRun.tensors(broken)).isEqualTo(TestRun.tensors(straight));
            assertThat(TestRun.metrics(broken)).isEqualTo(TestRun.metrics(straight));
        }
    }

    @ParameterizedTest
    @CsvSource({"epoch, 99", "epoch, -1", "steps, -1", "steps, many", "seconds, NaN", "metricsBytes, -5"})
    void impossibleMetadataAreRefusedByKey(String key, String value) throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config("training.maxSteps=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, folder, RunListener.NONE);
            Path checkpoint = TestRun.checkpoint(folder);
            Map<String, String> metadata = new TreeMap<>(Checkpoint.metadata(checkpoint));
            metadata.put(key, value);
            ClipModel model = experiment.model(backend);
            AdamW optimizer = new AdamW(model.parameters(), AdamW.Settings.standard());
            Checkpoint saved = Checkpoint.load(checkpoint, model, optimizer);
            new Checkpoint(metadata, saved.integers(), saved.numbers()).save(checkpoint, model, optimizer);
            assertThatThrownBy(() -> TestRun.train(experiment, "clip", backend, folder, RunListener.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(checkpoint.toString())
                    .hasMessageContaining("'" + key + "' is ");
        }
    }

    @Test
    void changedPairsAreRefused() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config("training.maxSteps=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, folder, RunListener.NONE);
            PairSet pairs = experiment.pairs();
            byte[] image = pairs.image(3);
            image[7]++;
            Experiment changed = new Experiment(
                    experiment.config(),
                    experiment.attacks(),
                    pairs.replaced(Map.of(3, new Pair(image, pairs.caption(3)))),
                    experiment.rows(),
                    experiment.mask(),
                    experiment.tokenizer(),
                    experiment.fine(),
                    experiment.coarse(),
                    experiment.tests(),
                    experiment.verifications(),
                    experiment.probeAndGallery(),
                    experiment.remarks());
            assertThatThrownBy(() -> TestRun.train(changed, "clip", backend, folder, RunListener.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(
                            "was written with another pairs than this run's: an image or a caption has changed");
        }
    }

    /** Neither which pairs are poisons nor what the classes are called is known to the ranking by agreement. */
    @Test
    void otherLabelsChangeNothingInTraining() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        int[] first = IntStream.range(0, 5).toArray();
        PoisonMask others =
                new PoisonMask(experiment.pairs().size(), List.of(new PoisonMask.Group("targeted", "anything", first)));
        assertThat(others.rows()).isNotEqualTo(experiment.mask().rows());
        Experiment relabelled = new Experiment(
                experiment.config(),
                experiment.attacks(),
                experiment.pairs(),
                experiment.rows(),
                others,
                experiment.tokenizer(),
                experiment.coarse(),
                experiment.fine(),
                List.of(),
                List.of(),
                experiment.probeAndGallery(),
                experiment.remarks());
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "safeclip-agreement", backend, one, RunListener.NONE);
            TestRun.train(relabelled, "safeclip-agreement", backend, two, RunListener.NONE);
        }
        assertThat(TestRun.tensors(two)).isEqualTo(TestRun.tensors(one)).containsKey("tensor state.ranking");
    }

    /** As a user would: train a clean model, give its checkpoint, and the poisons are perturbed against it. */
    @Test
    void aSavedModelServesAsSurrogate() throws Exception {
        Experiment clean = TestExperiments.of(TestExperiments.config("clip.epochs=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(clean, "clip", backend, folder, RunListener.NONE);
        }
        List<String> attack = List.of(
                "attack.surrogate=" + folder.resolve("model.safetensors"),
                "attack.poisons=6",
                "attack.pgdSteps=3",
                "attack.pgdEpsilon=12",
                "data.captionsPerImage=1");
        ExperimentConfig config = ConfigFile.preset("tiny", attack);
        Dataset dataset = Experiment.dataset(config);
        Experiment plain = Experiment.of(config, dataset, List.of("label-consistent"));
        Experiment hard = Experiment.of(config, dataset, List.of("label-consistent-pgd"));
        assertThat(plain.verifications()).hasSize(1).allMatch(Verification::holds);
        assertThat(hard.verifications()).hasSize(1).allMatch(Verification::holds);
        for (int row : hard.mask().groups().getFirst().rows()) {
            byte[] before = dataset.train().image(row);
            byte[] after = hard.pairs().image(row);
            assertThat(hard.pairs().caption(row)).isEqualTo(dataset.train().caption(row));
            int moved = 0;
            for (int i = before.length / 2; i < before.length; i++) { // the lower half: far from the patch
                int change = Math.abs((after[i] & 0xff) - (before[i] & 0xff));
                assertThat(change).isLessThanOrEqualTo(12);
                moved += change > 0 ? 1 : 0;
            }
            assertThat(moved).isPositive();
        }
    }

    @Test
    void finishedRunsAreNotTrainedAgain() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, folder, RunListener.NONE);
            String before = Files.readString(folder.resolve("metrics.jsonl"));
            TestRun.train(experiment, "clip", backend, folder, new TestRun.CutAt(1));
            assertThat(Files.readString(folder.resolve("metrics.jsonl"))).isEqualTo(before);
        }
    }

    @Test
    void checkpointsWithOtherSettingsAreRefused() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config("training.maxSteps=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, folder, RunListener.NONE);
            Experiment other = TestExperiments.of(TestExperiments.config("training.maxSteps=1", "seed=1"), PAIRS);
            assertThatThrownBy(() -> TestRun.train(other, "clip", backend, folder, RunListener.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was written with another config than this run's (seed = 0, now 1)");
            assertThatThrownBy(() -> TestRun.train(experiment, "safeclip", backend, folder, RunListener.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was written with another trained than this run's");
        }
    }

    @Test
    void cleanClipFromAFinishedClipEqualsTrainingBoth() throws Exception {
        Experiment experiment = TestExperiments.of(
                TestExperiments.config("model.vision.layers=0", "model.vision.stem=[4, 8]", "model.vision.patch=0"),
                PAIRS);
        Path clip = Files.createDirectory(folder.resolve("clip"));
        Path all = Files.createDirectory(folder.resolve("all"));
        Path half = Files.createDirectory(folder.resolve("half"));
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, clip, RunListener.NONE);
            TestRun.train(experiment, "cleanclip", backend, all, RunListener.NONE);
            Path file = half.resolve("model.safetensors");
            try (Metrics metrics = Metrics.open(half.resolve("metrics.jsonl"), 0)) {
                TrainingRun training = new TrainingRun(experiment, CLEANCLIP, backend, file, metrics, RunListener.NONE);
                training.startFrom(clip.resolve("model.safetensors"));
                training.run();
            }
            assertThat(TestRun.tensors(half)).isEqualTo(TestRun.tensors(all)).isNotEmpty();

            Experiment other = TestExperiments.of(
                    TestExperiments.config(
                            "model.vision.layers=0",
                            "model.vision.stem=[4, 8]",
                            "model.vision.patch=0",
                            "clip.learningRate=1e-4"),
                    PAIRS);
            try (Metrics metrics = Metrics.open(folder.resolve("other.jsonl"), 0)) {
                TrainingRun training =
                        new TrainingRun(other, CLEANCLIP, backend, folder.resolve("o"), metrics, RunListener.NONE);
                assertThatThrownBy(() -> training.startFrom(clip.resolve("model.safetensors")))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("not a finished clip with the settings");
            }
        }
    }

    @Test
    void truncatedMetricsAreRefused() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config("training.maxSteps=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            TestRun.train(experiment, "clip", backend, folder, RunListener.NONE);
            Files.delete(folder.resolve("metrics.jsonl"));
            assertThatThrownBy(() -> TestRun.train(experiment, "clip", backend, folder, RunListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has 0 bytes, but the checkpoint expects");
        }
    }
}
