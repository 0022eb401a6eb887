package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.cli.EpochTable.Column;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.SplitEvent;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.train.TrainingPhase;

/**
 * Shows the progress of a command: one line per epoch, and on a terminal a last line that is drawn again, with the time left for
 * the whole command. No line is wider than the terminal.
 */
final class Progress implements RunListener, AutoCloseable {
    private static final long REDRAWN_AFTER = 150_000_000L; // nanoseconds
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 6;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final Terminal terminal;
    private final TimeLeft time;
    private EpochTable table;
    private String method = "";
    private int epoch;
    private int epochs;
    private String phase = "";
    private float loss;
    private Map<Column, String> cells = new EnumMap<>(Column.class);
    private boolean statusShown;
    private long drawn;

    /**
     * Shows progress.
     *
     * @param runs the work of all runs of the command, in order
     */
    Progress(PrintWriter out, Terminal terminal, List<Workload> runs) {
        this.out = out;
        this.terminal = terminal;
        this.time = new TimeLeft(runs);
        this.table = table();
    }

    private EpochTable table() {
        return terminal.isInteractive()
                ? new EpochTable(terminal.width(), false)
                : new EpochTable(Integer.MAX_VALUE, true);
    }

    @Override
    public void started(TrainingMethod started, int trained, List<String> plan) {
        time.runStarted(trained);
        method = started.name();
        epochs = started.epochs();
        epoch = trained;
        clear();
        out.println();
        int width = terminal.isInteractive() ? terminal.width() : Terminal.USUAL_WIDTH;
        print(
                MethodCatalogue.STANDARD.title(method) + ", " + Numbers.count(epochs, "epoch") + resumed(trained),
                "",
                width);
        if (trained < epochs) {
            plan.forEach(remark -> print(Printable.text(remark), "  ", width));
            table = table();
            out.println(table.headings());
            draw("", 0, 1);
        }
        out.flush();
    }

    private void print(String text, String indent, int width) {
        Wrapped.lines(text, width - indent.length()).forEach(line -> out.println(indent + line));
    }

    @Override
    public void warned(String warning) {
        out.println(Printable.text(warning));
        out.flush();
    }

    private String resumed(int trained) {
        if (trained == 0) {
            return "";
        }
        return trained < epochs ? ", continues with epoch " + (trained + 1) : ", all trained before";
    }

    @Override
    public void epochStarted(int now, TrainingPhase begun) {
        printEpoch();
        epoch = now;
        phase = begun.label();
        time.epochStarted(now);
        draw("", 0, 1);
    }

    @Override
    public void split(int now, PairScores scores, SafeSplit split) {
        time.done(Workload.SCORING);
    }

    @Override
    public void stepped(Step step) {
        time.stepped(step.objective(), step.number(), step.of());
        loss = step.loss();
        if (terminal.isInteractive() && System.nanoTime() - drawn > REDRAWN_AFTER) {
            draw(step.objective(), step.number(), step.of());
        }
    }

    @Override
    public void diagnosed(SplitEvent split) {
        cells.put(Column.SAFE, percent((double) split.size() / split.pairs()));
        Integer poisons = split.poisons();
        if (poisons != null) {
            cells.put(Column.POISONS, Integer.toString(poisons));
        }
        if (split.fellBack()) {
            say("  too few pairs reached the threshold: the most similar ones are the safe set");
        }
    }

    @Override
    public void epochEnded(int ended, TrainingPhase finished) {
        cells.put(Column.EPOCH, ended + "/" + epochs);
        cells.put(Column.PHASE, finished.label());
        cells.put(Column.LOSS, String.format(Locale.ROOT, "%.3f", loss));
        draw("evaluating", 1, 1);
    }

    @Override
    public void evaluated(EvaluationEvent evaluation) {
        time.done(evaluation.epoch() == epochs ? Workload.LAST_EVALUATION : Workload.EVALUATION);
        cells.put(Column.CONCEPTS, percent(evaluation.scores().fine().top1().rate()));
        cells.put(Column.KINDS, percent(evaluation.scores().coarse().top1().rate()));
        TopK attack = evaluation.scores().attack();
        if (attack != null) {
            Interval success = attack.top1();
            cells.put(
                    Column.FOOLED,
                    success.trials() < 1000 ? success.hits() + "/" + success.trials() : percent(success.rate()));
        }
    }

    @Override
    public void finished() {
        printEpoch();
        time.runEnded();
        clear();
        out.flush();
    }

    /** How far the command is, in one line. */
    String status() {
        OptionalDouble seconds = time.seconds();
        return MethodCatalogue.STANDARD.title(method) + ", epoch " + epoch + " of " + epochs + " (" + phase + "), loss "
                + Numbers.fixed(loss, 3)
                + (seconds.isPresent() ? ", " + Durations.about(seconds.getAsDouble()) + " left" : "");
    }

    @Override
    public void close() {
        clear();
        out.flush();
    }

    /** Prints the line of the epoch that has ended, if there is one. */
    private void printEpoch() {
        if (cells.isEmpty()) {
            return;
        }
        OptionalDouble seconds = time.seconds();
        if (seconds.isPresent() && seconds.getAsDouble() > 0) {
            cells.put(Column.LEFT, Durations.about(seconds.getAsDouble()));
        }
        clear();
        out.println(table.line(cells));
        out.flush();
        cells = new EnumMap<>(Column.class);
    }

    private void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** Draws the last line: method, epoch and phase, a bar, and the time left. */
    private void draw(String objective, int number, int of) {
        if (!terminal.isInteractive()) {
            return;
        }
        drawn = System.nanoTime();
        OptionalDouble seconds = time.seconds();
        String right = seconds.isPresent() ? Durations.about(seconds.getAsDouble()) + " left" : "estimating";
        String left = (method + " " + epoch + "/" + epochs + " " + phase).strip();
        String what = objective.isEmpty() ? "" : ", " + objective;
        int width = terminal.width() - 1; // a full last column would begin a new line on some terminals
        int bar = Math.min(LONGEST_BAR, width - left.length() - what.length() - right.length() - 4);
        if (bar < SHORTEST_BAR) {
            what = "";
            bar = Math.min(LONGEST_BAR, width - left.length() - right.length() - 4);
        }
        StringBuilder line = new StringBuilder(left).append(what);
        if (bar >= SHORTEST_BAR) {
            int full = bar * number / Math.max(1, of);
            line.append(" [")
                    .append("#".repeat(full))
                    .append(".".repeat(bar - full))
                    .append(']');
        }
        line.append(' ').append(right);
        out.print(CLEAR_LINE + line.substring(0, Math.min(width, line.length())));
        out.flush();
        statusShown = true;
    }

    private void clear() {
        if (statusShown) {
            out.print(CLEAR_LINE);
            statusShown = false;
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
