package org.safeclip.experiments.grid;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Works through a grid: finished cells are skipped, some cells at a time, CleanCLIP after the CLIP it starts from. */
public final class GridRun {
    private final Grid grid;
    private final Path folder;
    private final GridListener listener;
    private final List<Cell> waiting; // guarded by this
    private final Set<Cell> running = new HashSet<>(); // guarded by this
    private final Map<Cell, String> failed = new LinkedHashMap<>(); // guarded by this
    private final Set<Cell> elsewhere = new HashSet<>(); // guarded by this

    /** Opens a device for one worker. */
    @FunctionalInterface
    public interface Devices {
        /** A device of its own. */
        Backend open() throws BackendUnavailable;
    }

    /** A grid in a folder. Cells of other settings there are refused at once, before anything is trained. */
    public GridRun(Grid grid, Path folder, GridListener listener) throws IOException {
        this.grid = grid;
        this.folder = folder;
        this.listener = listener;
        this.waiting = new ArrayList<>();
        for (Cell cell : grid.cells()) {
            CellRun run = new CellRun(cell, folder);
            run.refuseOtherSettings();
            if (run.result().isEmpty()) {
                waiting.add(cell);
            }
        }
    }

    /** Cells still to be trained. */
    public synchronized int left() {
        return waiting.size() + running.size();
    }

    /** Cells that were left to another process and are not finished yet. */
    public int elsewhere() throws IOException {
        List<Cell> passed;
        synchronized (this) {
            passed = List.copyOf(elsewhere);
        }
        int unfinished = 0;
        for (Cell cell : passed) {
            if (new CellRun(cell, folder).result().isEmpty()) {
                unfinished++;
            }
        }
        return unfinished;
    }

    private synchronized boolean isElsewhere(@Nullable Cell cell) {
        return elsewhere.contains(cell);
    }

    private void leave(Cell cell) {
        synchronized (this) {
            elsewhere.add(cell);
        }
        listener.elsewhere(cell); // not under the lock: a listener has one of its own, and asks back
    }

    /**
     * Trains what is left, {@code jobs} cells at a time, each on a device of its own.
     *
     * @throws FailedCellsException if cells failed, once the others are finished
     */
    public void run(int jobs, Devices devices) throws BackendUnavailable {
        devices.open().close(); // where no device can be had, no cell needs to fail
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i < jobs; i++) {
            workers.add(Thread.ofPlatform().name("grid-" + i).start(() -> work(devices)));
        }
        work(devices);
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; rerun the command to resume", e);
        }
        refuseFailures();
    }

    private synchronized void refuseFailures() {
        if (!failed.isEmpty()) {
            throw new FailedCellsException(failed.size() + " of " + grid.cells().size() + " trainings failed;"
                    + " rerun the command to try them again: "
                    + failed.entrySet().stream()
                            .map(cell -> cell.getKey() + " (" + cell.getValue() + ")")
                            .collect(Collectors.joining("; ")));
        }
    }

    private void work(Devices devices) {
        Experiment experiment = null; // the last one: the next cell often has the same
        for (Cell cell = take(); cell != null; cell = take()) {
            try {
                if (experiment == null || !CellRun.isOf(cell, experiment)) {
                    experiment = CellRun.experiment(cell);
                }
                train(cell, experiment, devices);
            } catch (IOException | BackendUnavailable | RuntimeException | OutOfMemoryError e) {
                failed(cell, e);
            } finally {
                done(cell);
            }
        }
    }

    /** A device for each cell: what one training holds is given back before the next begins. */
    private void train(Cell cell, Experiment experiment, Devices devices) throws IOException, BackendUnavailable {
        CellRun run = new CellRun(cell, folder);
        if (run.result().isPresent()) { // another process finished it meanwhile
            return;
        }
        Cell undefended = undefended(cell);
        CellRun clip = undefended == null ? null : new CellRun(undefended, folder);
        int wanted = cell.config().clip().epochs();
        boolean startFromClip = clip != null
                && clip.result()
                        .filter(result -> result.runs().getFirst().epochs() == wanted)
                        .isPresent();
        if (!startFromClip && isElsewhere(undefended)) {
            leave(cell); // it would have to train CLIP all over again
            return;
        }
        try (Backend backend = devices.open()) {
            if (run.train(experiment, backend, startFromClip ? clip : null, listener.started(cell, experiment))) {
                Optional<Result> result = run.result();
                if (result.isPresent()) {
                    listener.finished(cell, result.get());
                }
            } else {
                leave(cell);
            }
        }
    }

    /** The CLIP that a CleanCLIP cell can start from. */
    private @Nullable Cell undefended(Cell cell) {
        if (cell.method().continues() == null) {
            return null;
        }
        return grid.cells().stream()
                .filter(other -> other.undefended()
                        && other.attacks().equals(cell.attacks())
                        && TrainingRun.sameUntil(other.config(), cell.config(), cell.method()))
                .findFirst()
                .orElse(null);
    }

    /** The next cell whose forerunner is not under way; null when none is left. */
    private synchronized @Nullable Cell take() {
        while (!waiting.isEmpty()) {
            for (Cell cell : waiting) {
                Cell before = undefended(cell);
                if (before == null || !running.contains(before)) {
                    waiting.remove(cell);
                    if (before != null && failed.containsKey(before)) {
                        failed.put(cell, "the CLIP it starts from failed");
                        return take();
                    }
                    running.add(cell);
                    return cell;
                }
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    private synchronized void done(Cell cell) {
        running.remove(cell);
        notifyAll();
    }

    private void failed(Cell cell, Throwable why) {
        synchronized (this) {
            failed.put(cell, String.valueOf(why.getMessage()));
        }
        listener.failed(cell, why);
    }

    /** The table of what is finished. */
    public Comparison comparison() throws IOException {
        List<Comparison.Finished> finished = new ArrayList<>();
        List<Comparison.Planned> planned = new ArrayList<>();
        for (Cell cell : grid.cells()) {
            Comparison.Planned place = new Comparison.Planned(
                    AttackCatalogue.label(cell.attacks()),
                    cell.row(),
                    cell.config().seed(),
                    cell.undefended());
            planned.add(place);
            new CellRun(cell, folder)
                    .result()
                    .ifPresent(result -> finished.add(
                            new Comparison.Finished(place, result, result.runs().getFirst())));
        }
        return Comparison.of(grid.name(), planned, finished);
    }
}
