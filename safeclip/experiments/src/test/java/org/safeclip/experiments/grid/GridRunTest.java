package org.safeclip.experiments.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.TrainingPhase;

/** An interrupted grid resumes; finished cells are not trained again; folders with other settings are refused. */
class GridRunTest {
    private static final String GRID = """
            [[block]]
            attacks = ["targeted"]
            methods = ["clip", "cleanclip", "safeclip"]
            seeds = [0]
            settings = [
                "data.captionsPerImage=1", "attack.captionsPerTarget=2", "training.batchSize=2048",
                "cleanclip.pairs=2048", "clip.epochs=2", "cleanclip.epochs=1", "safeclip.warmupEpochs=1",
                "safeclip.slowEpochs=0", "safeclip.mixedEpochs=1", "safeclip.safeSteps=0", "training.warmupSteps=1",
                "safeclip.mixedWarmupSteps=0", "safeclip.riskyWeight=0", "evaluation.every=0",
                "reference.selector=cosine", "reference.cosineShare=0.3", "model.vision.layers=0",
                "model.vision.stem=[2, 2]", "model.vision.patch=0", "model.text.width=4", "model.text.layers=1",
                "model.text.heads=1", "model.embedding=4", "model.text.vocabulary=520"]
            """;

    @TempDir
    private Path folder;

    /** Simulates a power cut. */
    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Records the events and simulates a power cut in the second epoch of one cell. */
    private static final class Witness implements GridListener {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private final String cutIn;

        Witness(String cutIn) {
            this.cutIn = cutIn;
        }

        @Override
        public RunListener started(Cell cell, Experiment experiment) {
            events.addAll(experiment.attackLines().isEmpty() ? List.of("no poisons") : List.of());
            return new RunListener() {
                @Override
                public void epochStarted(int epoch, TrainingPhase phase) {
                    events.add(cell.row() + " " + epoch);
                    if (cell.row().equals(cutIn) && epoch == 2) {
                        throw new PowerCut();
                    }
                }
            };
        }

        @Override
        public void finished(Cell cell, Result result) {
            events.add(cell.row() + " ends");
        }

        @Override
        public void failed(Cell cell, Throwable why) {
            events.add(cell.row() + " failed");
        }

        @Override
        public void elsewhere(Cell cell) {
            events.add(cell.row() + " elsewhere");
        }
    }

    @Test
    void interruptedGridsResume() throws Exception {
        Grid grid = Grid.parse("g", "g.toml", GRID, List.of());

        Witness first = new Witness("clip");
        assertThatThrownBy(() -> run(grid, first, 1))
                .isInstanceOf(FailedCellsException.class)
                .hasMessageContaining("2 of 3 runs failed")
                .hasMessageContaining("targeted, cleanclip, seed 0 (the CLIP it starts from failed)");
        assertThat(first.events)
                .containsExactly("clip 1", "clip 2", "clip failed", "safeclip 1", "safeclip 2", "safeclip ends");

        Witness second = new Witness("");
        run(grid, second, 1);
        assertThat(second.events)
                .as("CLIP from its second epoch, CleanCLIP from CLIP's model")
                .containsExactly("clip 2", "clip ends", "cleanclip 3", "cleanclip ends");

        Witness third = new Witness("");
        GridRun finished = run(grid, third, 1);
        assertThat(third.events).isEmpty();
        Comparison table = finished.comparison();
        assertThat(table.complete()).isTrue();
        assertThat(table.rows()).extracting(Comparison.Row::method).containsExactly("clip", "cleanclip", "safeclip");
        assertThat(table.costs()).extracting(Comparison.Cost::phase).contains("train", "fine-tune", "warm-up", "mixed");
        assertThat(Files.readString(table.write(folder))).contains("3 of 3 runs finished.");

        Grid other = Grid.parse("g", "g.toml", GRID, List.of("clip.learningRate=1e-4"));
        assertThatThrownBy(() -> run(other, new Witness(""), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was started with other settings (clip.learningRate = 0.002, now 1.0E-4)");
    }

    @Test
    void parallelRunsGiveEqualResults() throws Exception {
        Grid grid = Grid.parse("g", "g.toml", GRID, List.of());
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        new GridRun(grid, one, new Witness("")).run(1, () -> Backends.open("simd"));
        Witness listener = new Witness("");
        new GridRun(grid, two, listener).run(2, () -> Backends.open("simd"));
        for (Cell cell : grid.cells()) {
            assertThat(score(cell, two)).as(cell.toString()).isEqualTo(score(cell, one));
        }
        assertThat(listener.events.indexOf("cleanclip 3"))
                .as("CleanCLIP waits for the CLIP it starts from")
                .isGreaterThan(listener.events.indexOf("clip 2"));
    }

    @Test
    void cellsOfAnotherProcessAreSkipped() throws Exception {
        Grid grid = Grid.parse("g", "g.toml", GRID.replace("\"clip\", \"cleanclip\", ", ""), List.of());
        Path cell = Files.createDirectories(grid.cells().getFirst().folder(folder));
        try (FileChannel channel =
                        FileChannel.open(cell.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            Witness listener = new Witness("");
            GridRun run = run(grid, listener, 1);
            assertThat(listener.events).containsExactly("safeclip elsewhere");
            assertThat(run.comparison().finished()).isZero();
            assertThat(run.elsewhere()).isOne();
        }
    }

    private static String score(Cell cell, Path grid) throws Exception {
        Result.Run run = new CellRun(cell, grid).result().orElseThrow().runs().getFirst();
        return run.attackSuccess() + " " + run.measures() + " " + run.safeSet();
    }

    private GridRun run(Grid grid, Witness listener, int jobs) throws Exception {
        GridRun run = new GridRun(grid, folder, listener);
        run.run(jobs, () -> Backends.open("simd"));
        return run;
    }
}
