package org.safeclip.experiments.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.TestRun;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.TrainingPhase;

/** A new training method is one class: it is trained, saved and resumed without any other change. */
class OwnMethodTest {
    private static final MethodCatalogue CATALOGUE = MethodCatalogue.STANDARD.with(new MethodCatalogue.Entry(
            "short-first",
            "Short captions first",
            "CLIP with an epoch of short captions before it",
            (experiment, trainer) -> new ShortCaptionsFirst(experiment.config().clip(), trainer)));

    private final Experiment experiment = TestExperiments.of(TestExperiments.config("clip.epochs=2"), 43);

    /** Records the events of a run. */
    private record EventLog(List<String> lines) implements RunListener {
        @Override
        public void started(TrainingMethod method, int trained, List<String> plan) {
            lines.add(method.name() + " " + plan);
        }

        @Override
        public void epochStarted(int epoch, TrainingPhase phase) {
            lines.add(phase.label() + " " + epoch);
        }

        @Override
        public void finished() {
            lines.add("finished");
        }
    }

    @Test
    void aCatalogueEntryNamesIt() {
        assertThat(CATALOGUE.named("Short-First").title()).isEqualTo("Short captions first");
        assertThat(CATALOGUE.title("short-first")).isEqualTo("Short captions first");
        assertThat(CATALOGUE.names()).endsWith("short-first").containsAll(MethodCatalogue.STANDARD.names());
        assertThatThrownBy(() -> MethodCatalogue.STANDARD.named("short-first"))
                .hasMessageStartingWith("there is no method 'short-first'; there are clip, ");
    }

    @Test
    void isTrainedSavedAndResumed(@TempDir Path folder) throws Exception {
        MethodCatalogue.Entry method = CATALOGUE.named("short-first");
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        List<String> events = new ArrayList<>();
        try (Backend backend = Backends.open("simd")) {
            assertThat(TestRun.train(experiment, method, backend, straight, new EventLog(events)))
                    .isEqualTo(3);
            for (int epoch = 1; epoch <= 3; epoch++) {
                int cut = epoch;
                assertThatThrownBy(() -> TestRun.train(experiment, method, backend, broken, new TestRun.CutAt(cut)))
                        .isInstanceOf(TestRun.PowerCut.class);
            }
            TestRun.train(experiment, method, backend, broken, RunListener.NONE);
            assertThatThrownBy(() -> TestRun.train(experiment, "clip", backend, broken, RunListener.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("was written with another trained than this run's");
        }
        assertThat(events.getFirst()).matches("short-first \\[starts with [1-9]\\d* short captions]");
        assertThat(events.subList(1, events.size())).containsExactly("warm-up 1", "train 2", "train 3", "finished");
        assertThat(TestRun.metrics(broken)).isEqualTo(TestRun.metrics(straight)).isNotEmpty();
        assertThat(TestRun.tensors(broken)).isEqualTo(TestRun.tensors(straight)).isNotEmpty();
    }
}
