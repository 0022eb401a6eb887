package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.grid.Cell;
import org.safeclip.experiments.grid.Comparison;
import org.safeclip.experiments.grid.ComparisonTable;
import org.safeclip.experiments.grid.Grid;
import org.safeclip.experiments.grid.GridListener;
import org.safeclip.experiments.grid.GridRun;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: trains a grid of methods, attacks and seeds and writes one table. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains every method of a grid under every attack with every seed and writes one table.",
            "Each training run has the folder DIR/ATTACK/METHOD/seed-N. Rerun the command to resume: finished runs"
                    + " are skipped, an interrupted one continues from its checkpoint. Several processes may share"
                    + " DIR. Several grids may share it, too: runs that they have in common are trained once.",
            "Writes the table as DIR/GRID.txt, GRID.md and GRID.json, and a page with charts as DIR/GRID.html, after"
                    + " every run."
        })
final class CompareCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "FILE|PRESET",
            description = "the grid: a TOML file in the form of the presets, or compare-emoji, confirm-emoji,"
                    + " ablations-emoji, agreement-emoji, doses-emoji or agreement-clipart")
    private String grid = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder of the grid; created if missing")
    private Path out = Path.of("");

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "parallel training runs (default: ${DEFAULT-VALUE}); each needs about 2 GB (for more"
                    + " than one: SAFECLIP_JAVA_OPTS=-Xmx8g). CPU seconds in the cost table are those of the"
                    + " whole process: to measure them, use 1")
    private int jobs = 1;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Option(names = "--table", description = "only write and show the table of the finished runs")
    private boolean tableOnly;

    @Parameters(index = "1..*", paramLabel = "key=value", description = "settings of every run")
    private List<String> overrides = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    @SuppressWarnings("try") // lock and notice are there to be closed
    public Integer call() throws IOException, BackendUnavailable {
        if (jobs < 1) {
            throw new InvalidInputException("--jobs is " + jobs + ", expected at least 1");
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InvalidInputException(out + ": is a file where a folder is needed; choose another --out");
        }
        PrintWriter print = spec.commandLine().getOut();
        Grid cells = Grid.read(grid, overrides);
        GridProgress progress = new GridProgress(print, cells.cells().size());
        GridRun run = new GridRun(cells, out, progress);
        if (!tableOnly) {
            Files.createDirectories(out);
            progress.start(run);
            try (InterruptNotice notice = new InterruptNotice(
                    "rerun the command to resume",
                    run.stop(),
                    spec.commandLine().getErr())) {
                run.run(jobs, device::open);
            } finally {
                show(run.comparison(), print);
                int elsewhere = run.elsewhere();
                if (elsewhere > 0) {
                    print.printf(
                            "running in another process: %d; rerun the command later to complete the table%n",
                            elsewhere);
                    print.flush();
                }
            }
        } else {
            show(run.comparison(), print);
        }
        return 0;
    }

    private void show(Comparison table, PrintWriter print) throws IOException {
        if (table.finished() == 0) {
            print.println("No run is finished yet in " + out);
            print.flush();
            return;
        }
        Path markdown = table.write(out);
        print.println();
        print.println(Printable.lines(ComparisonTable.text(table)));
        print.println("Table: " + Printable.text(markdown.toString()));
        print.println("Page: " + Printable.text(markdown.toString().replaceFirst("md$", "html")));
        print.flush();
    }

    /** Prints the progress of the grid. */
    private final class GridProgress implements GridListener {
        private final PrintWriter print;
        private final int all;
        private final long start = System.nanoTime();
        private @Nullable GridRun run;
        private List<String> attacked = List.of(); // guarded by this
        private int ended; // guarded by this
        private int begun; // guarded by this

        GridProgress(PrintWriter print, int all) {
            this.print = print;
            this.all = all;
        }

        void start(GridRun started) {
            run = started;
            begun = all - started.left();
            print.printf("%s: %d runs, %d of them already finished%n", Printable.text(grid), all, begun);
            print.flush();
        }

        @Override
        public synchronized RunListener started(Cell cell, Experiment experiment) {
            begun++;
            print.printf("%n[%d of %d] %s%n", begun, all, cell);
            if (!cell.attacks().equals(attacked)) { // equal for all runs of the attack
                attacked = cell.attacks();
                experiment.attackLines().forEach(line -> print.println(Printable.text(line)));
            }
            print.flush();
            List<Workload> work = List.of(Workload.of(experiment, cell.method()));
            return jobs == 1
                    ? new Progress(print, Terminal.ofProcess(), work)
                    : new Progress(new PrefixedWriter("[" + cell + "] ", print).lines(), Terminal.none(), work);
        }

        @Override
        public synchronized void finished(Cell cell, Result result) {
            ended++;
            GridRun now = run;
            int left = now == null ? 0 : now.left() - 1; // this cell still counts as running
            double each = (System.nanoTime() - start) / 1e9 / ended;
            print.printf(
                    "[%s] attack success %s; %d runs left%s%n",
                    cell,
                    result.runs().getFirst().attackSuccess(),
                    left,
                    left == 0 ? "" : ", about " + Durations.about(each * left));
            print.flush();
            writeTable();
        }

        private void writeTable() {
            GridRun now = run;
            try {
                if (now != null) {
                    now.comparison().write(out);
                }
            } catch (IOException e) {
                print.println("the table cannot be written: " + Printable.text(String.valueOf(e.getMessage())));
            }
        }

        @Override
        public synchronized void failed(Cell cell, Throwable why) {
            print.printf("[%s] FAILED: %s%n", cell, Printable.text(String.valueOf(why.getMessage())));
            print.flush();
        }

        @Override
        public synchronized void elsewhere(Cell cell) {
            print.printf("[%s] already running in another process%n", cell);
            print.flush();
        }
    }
}
