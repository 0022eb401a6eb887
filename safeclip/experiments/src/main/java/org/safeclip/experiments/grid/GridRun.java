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
import org.safeclip.experiments.run.RunIdentity;
import org.safeclip.experiments.run.StopRequest;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Trains the cells of a grid, several in parallel: skips finished ones and trains CleanCLIP after the CLIP it starts from. */
public final class GridRun {
    private final Grid grid;
    private final Path folder;
    private final GridListener listener;
    private final StopRequest stop = new StopRequest();
    private final List<Cell> waiting; // guarded by this
    private final Set<Cell> running = new HashSet<>(); // guarded by this
    private final Map<Cell, String> failed = new LinkedHashMap<>(); // guarded by this
    private final Set<Cell> elsewhere = new HashSet<>(); // guarded by this

    /** Opens devices for the workers. */
    @FunctionalInterface
    public interface Devices {
        /** Opens a device that no other worker uses. */
        Backend open() throws BackendUnavailable;
    }

    /**
     * A grid in a folder.
     *
     * @throws org.safeclip.settings.InvalidInputException if the folder contains cells with other settings
     */
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

    /** Asks the trainings under way to stop. */
    public StopRequest stop() {
        return stop;
    }

    /** Number of cells still to be trained. */
    public synchronized int left() {
        return waiting.size() + running.size();
    }

    /** Number of cells that another process is training and has not finished. */
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
        listener.elsewhere(cell); // outside the lock: a listener has its own lock and may call back
    }

    /**
     * Trains the remaining cells, {@code jobs} in parallel, each on its own device.
     *
     * @throws FailedCellsException if cells failed; thrown after the others are finished
     */
    public void run(int jobs, Devices devices) throws BackendUnavailable {
        devices.open().close(); // fails early if there is no device
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
            throw new FailedCellsException(
                    failed.size() + " of " + grid.cells().size() + " runs failed; rerun the command to retry them: "
                            + failed.entrySet().stream()
                                    .map(cell -> cell.getKey() + " (" + cell.getValue() + ")")
                                    .collect(Collectors.joining("; ")));
        }
    }

    private void work(Devices devices) {
        Experiment experiment = null; // reused, because the next cell often has equal data
        for (Cell cell = next(); cell != null; cell = next()) {
            try {
                if (experiment == null || !CellRun.matches(cell, experiment)) {
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

    /** Opens a device for each cell, so that its memory is released before the next starts. */
    private void train(Cell cell, Experiment experiment, Devices devices) throws IOException, BackendUnavailable {
        CellRun run = new CellRun(cell, folder);
        if (run.result().isPresent()) { // finished by another process in the meantime
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
            leave(cell); // this process would have to train CLIP again
            return;
        }
        try (Backend backend = devices.open()) {
            if (run.train(experiment, backend, startFromClip ? clip : null, listener.started(cell, experiment), stop)) {
                Optional<Result> result = run.result();
                if (result.isPresent()) {
                    listener.finished(cell, result.get());
                }
            } else {
                leave(cell);
            }
        }
    }

    /** The CLIP cell that a CleanCLIP cell can start from, null if there is none. */
    private @Nullable Cell undefended(Cell cell) {
        if (cell.method().continues() == null) {
            return null;
        }
        return grid.cells().stream()
                .filter(other -> other.undefended()
                        && other.attacks().equals(cell.attacks())
                        && RunIdentity.sameUntil(other.config(), cell.config(), cell.method()))
                .findFirst()
                .orElse(null);
    }

    /** The next cell whose predecessor is not being trained; blocks until there is one, null if no cell is left. */
    private synchronized @Nullable Cell next() {
        while (!waiting.isEmpty()) {
            for (Cell cell : waiting) {
                Cell before = undefended(cell);
                if (before == null || !running.contains(before)) {
                    waiting.remove(cell);
                    if (before != null && failed.containsKey(before)) {
                        failed.put(cell, "the CLIP it starts from failed");
                        return next();
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

    /** The comparison of the finished cells. */
    public Comparison comparison() throws IOException {
        List<Comparison.Finished> finished = new ArrayList<>();
        List<Comparison.Planned> planned = new ArrayList<>();
        for (Cell cell : grid.cells()) {
            Comparison.Planned place = new Comparison.Planned(
                    AttackCatalogue.label(cell.attacks()),
                    cell.row(),
                    cell.config().seed(),
                    cell.undefended(),
                    cell.method().name(),
                    cell.config().attack().planted());
            planned.add(place);
            new CellRun(cell, folder)
                    .result()
                    .ifPresent(result -> finished.add(
                            new Comparison.Finished(place, result, result.runs().getFirst())));
        }
        return Comparison.of(grid.name(), planned, finished);
    }
}
