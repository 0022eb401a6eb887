package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.attack.Verified;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.nn.io.DType;
import org.safeclip.nn.io.SafeTensors;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Objective;

/** Resuming equals never having stopped, wherever it stopped; and a run repeats itself bit by bit. */
class TrainingRunTest {
    private static final int PAIRS = 43;

    @TempDir
    private Path folder;

    /** Thrown where a power cut is to be played. */
    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Cuts the power at step 2 of an epoch; epoch 0 never comes. */
    private record Witness(int cutAt) implements TrainingRun.Watcher {
        @Override
        public void plan(List<String> lines) {}

        @Override
        public void epoch(TrainingMethod method, int epoch) {}

        @Override
        public void step(Objective objective, int epoch, int step, int ofSteps, float loss) {
            if (epoch == cutAt && step == 2) {
                throw new PowerCut();
            }
        }

        @Override
        public void split(SplitEvent split) {}

        @Override
        public void evaluation(EvaluationEvent evaluation) {}
    }

    static Stream<Arguments> runs() {
        String[] convolutions = {"imageLayers=0", "stem=[4, 8]", "patch=0", "scoringDraws=2", "crossView=false"};
        String[] everyOption = {
            "neighbours=true",
            "neighboursAfter=1",
            "poolRefill=true",
            "rateRule=reference",
            "passOrder=interleaved",
            "riskyWeight=0.5",
            "selector=cosine",
            "staticTexts=true",
            "crossView=true"
        };
        return Stream.of(
                Arguments.of(TrainingRun.Kind.CLIP, new String[0]),
                Arguments.of(TrainingRun.Kind.CLIP, convolutions),
                Arguments.of(TrainingRun.Kind.CLIP_PLAIN, new String[0]),
                Arguments.of(TrainingRun.Kind.CLIP_DEDUP, new String[0]),
                Arguments.of(TrainingRun.Kind.ROCLIP, convolutions),
                Arguments.of(TrainingRun.Kind.CLEANCLIP, convolutions),
                Arguments.of(TrainingRun.Kind.SAFECLIP, new String[0]),
                Arguments.of(TrainingRun.Kind.SAFECLIP, everyOption),
                Arguments.of(TrainingRun.Kind.SAFECLIP, convolutions));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void resumingEqualsNeverHavingStopped(TrainingRun.Kind coarse, String[] settings) throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(settings), PAIRS);
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        try (Backend backend = Backends.open("simd")) {
            int epochs = train(experiment, coarse, backend, straight, 0);
            for (int epoch = 1; epoch <= epochs; epoch++) {
                int cut = epoch;
                assertThatThrownBy(() -> train(experiment, coarse, backend, broken, cut))
                        .isInstanceOf(PowerCut.class);
                assertThat(Files.exists(broken.resolve("model.safetensors"))).isEqualTo(epoch > 1);
            }
            train(experiment, coarse, backend, broken, 0);
        }
        assertThat(story(broken)).isEqualTo(story(straight)).isNotEmpty();
        assertThat(tensors(broken)).isEqualTo(tensors(straight)).isNotEmpty();
    }

    /** The way of a user: train a clean model, name its checkpoint, and poisons are hardened against it. */
    @Test
    void aSavedModelHardensThePoisonsOfAnother() throws Exception {
        Experiment clean = TestExperiments.of(TestExperiments.config("clipEpochs=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            train(clean, TrainingRun.Kind.CLIP, backend, folder, 0);
        }
        List<String> attack = List.of(
                "surrogate=" + folder.resolve("model.safetensors"),
                "backdoorPoisons=6",
                "pgdSteps=3",
                "pgdEpsilon=12",
                "captionsPerPicture=1");
        ExperimentConfig config = ConfigFile.preset("tiny", attack);
        Dataset dataset = Experiment.dataset(config);
        Experiment plain = Experiment.of(config, dataset, List.of(AttackKind.LABEL_CONSISTENT));
        Experiment hard = Experiment.of(config, dataset, List.of(AttackKind.LABEL_CONSISTENT_PGD));
        assertThat(plain.verified()).hasSize(1).allMatch(Verified::holds);
        assertThat(hard.verified()).hasSize(1).allMatch(Verified::holds);
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
    void aFinishedRunIsNotTrainedAgain() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            train(experiment, TrainingRun.Kind.CLIP, backend, folder, 0);
            String before = Files.readString(folder.resolve("metrics.jsonl"));
            train(experiment, TrainingRun.Kind.CLIP, backend, folder, 1);
            assertThat(Files.readString(folder.resolve("metrics.jsonl"))).isEqualTo(before);
        }
    }

    @Test
    void aCheckpointOfOtherSettingsIsRefused() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config("maxSteps=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            train(experiment, TrainingRun.Kind.CLIP, backend, folder, 0);
            Experiment other = TestExperiments.of(TestExperiments.config("maxSteps=1", "seed=1"), PAIRS);
            assertThatThrownBy(() -> train(other, TrainingRun.Kind.CLIP, backend, folder, 0))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was written with another config than this run's");
            assertThatThrownBy(() -> train(experiment, TrainingRun.Kind.SAFECLIP, backend, folder, 0))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was written with another trained than this run's");
        }
    }

    @Test
    void cleanClipFromAFinishedClipEqualsTrainingItAll() throws Exception {
        Experiment experiment =
                TestExperiments.of(TestExperiments.config("imageLayers=0", "stem=[4, 8]", "patch=0"), PAIRS);
        Path clip = Files.createDirectory(folder.resolve("clip"));
        Path all = Files.createDirectory(folder.resolve("all"));
        Path half = Files.createDirectory(folder.resolve("half"));
        try (Backend backend = Backends.open("simd")) {
            train(experiment, TrainingRun.Kind.CLIP, backend, clip, 0);
            train(experiment, TrainingRun.Kind.CLEANCLIP, backend, all, 0);
            Path file = half.resolve("model.safetensors");
            try (Metrics metrics = Metrics.open(half.resolve("metrics.jsonl"), 0)) {
                TrainingRun training =
                        new TrainingRun(experiment, TrainingRun.Kind.CLEANCLIP, backend, file, metrics, new Witness(0));
                training.startFrom(clip.resolve("model.safetensors"));
                training.run();
            }
            assertThat(tensors(half)).isEqualTo(tensors(all)).isNotEmpty();

            Experiment other = TestExperiments.of(
                    TestExperiments.config("imageLayers=0", "stem=[4, 8]", "patch=0", "clipRate=1e-4"), PAIRS);
            try (Metrics metrics = Metrics.open(folder.resolve("other.jsonl"), 0)) {
                TrainingRun training = new TrainingRun(
                        other, TrainingRun.Kind.CLEANCLIP, backend, folder.resolve("o"), metrics, new Witness(0));
                assertThatThrownBy(() -> training.startFrom(clip.resolve("model.safetensors")))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("no finished CLIP of the same settings");
            }
        }
    }

    @Test
    void lostMetricsAreNoticed() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config("maxSteps=1"), PAIRS);
        try (Backend backend = Backends.open("simd")) {
            train(experiment, TrainingRun.Kind.CLIP, backend, folder, 0);
            Files.delete(folder.resolve("metrics.jsonl"));
            assertThatThrownBy(() -> train(experiment, TrainingRun.Kind.CLIP, backend, folder, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holds 0 bytes, but the checkpoint remembers");
        }
    }

    /** Trains from the start or from the checkpoint in the folder, as the commands do; returns the epochs of the method. */
    private static int train(Experiment experiment, TrainingRun.Kind coarse, Backend backend, Path folder, int cutAt)
            throws IOException {
        Path checkpoint = folder.resolve("model.safetensors");
        long keep = TrainingRun.metricsBytes(checkpoint, experiment, coarse);
        try (Metrics metrics = Metrics.open(folder.resolve("metrics.jsonl"), keep)) {
            TrainingRun training =
                    new TrainingRun(experiment, coarse, backend, checkpoint, metrics, new Witness(cutAt));
            training.resumeIfSaved();
            training.run();
            return training.method().epochs();
        }
    }

    private static List<String> story(Path folder) throws IOException {
        return Files.readString(folder.resolve("metrics.jsonl"))
                .lines()
                .map(line -> line.replaceAll("(?i)(seconds\":)[-+.0-9e]+", "$10"))
                .toList();
    }

    /** Everything in the checkpoint but times: weights, moments, pools, split, counts. */
    private static Map<String, String> tensors(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (SafeTensors file = SafeTensors.open(folder.resolve("model.safetensors"))) {
            content.putAll(file.metadata());
            content.remove("seconds");
            content.remove("metricsBytes"); // the text of the seconds may be shorter or longer
            for (String name : file.names()) {
                String numbers = file.dtype(name) == DType.I32
                        ? Arrays.toString(file.ints(name))
                        : Arrays.toString(file.floats(name));
                content.put("tensor " + name, file.shape(name) + numbers);
            }
        }
        return content;
    }
}
