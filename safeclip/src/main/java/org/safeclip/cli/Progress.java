package org.safeclip.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.safeclip.Method;
import org.safeclip.Phase;
import org.safeclip.eval.TopK;
import org.safeclip.learn.Objective;
import org.safeclip.report.EvaluationEvent;
import org.safeclip.report.SplitEvent;
import org.safeclip.run.Training;

/**
 * How far training has come: a line an epoch, and on a terminal a bar that moves within it. Nothing moving goes into a pipe.
 */
final class Progress implements Training.Watcher {
    private static final int BAR = 24;

    private final PrintWriter out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private String title = "";
    private int firstEpoch;
    private int epochs;
    private float loss;
    private long drawn;

    Progress(PrintWriter out) {
        this(out, isTerminal());
    }

    Progress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @SuppressWarnings("SystemConsoleNull") // without jdk.internal.le among the modules it still is null in a pipe
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    @Override
    public void plan(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    @Override
    public void epoch(Method method, int epoch) {
        finishLine(epoch - 1);
        if (firstEpoch == 0) {
            firstEpoch = epoch;
        }
        epochs = method.epochs();
        Phase phase = method.phase(epoch);
        title = String.format(Locale.ROOT, "%-8s epoch %2d/%d %-7s", method.name(), epoch, epochs, phase.label());
    }

    @Override
    public void step(Objective objective, int epoch, int step, int ofSteps, float now) {
        loss = now;
        long time = System.nanoTime();
        if (terminal && time - drawn > 200_000_000L) {
            drawn = time;
            int full = BAR * step / ofSteps;
            out.printf(
                    Locale.ROOT,
                    "\r%s %-11s [%s%s] loss %.3f  %s left ",
                    title,
                    objective.name(),
                    "#".repeat(full),
                    ".".repeat(BAR - full),
                    loss,
                    left(epoch - 1 + (double) step / ofSteps));
            out.flush();
        }
    }

    @Override
    public void split(SplitEvent split) {
        clear();
        out.printf(
                Locale.ROOT,
                "%s safe set: %,d of %,d pairs (%.1f %%)%s%s%n",
                title,
                split.size(),
                split.pairs(),
                100.0 * split.size() / split.pairs(),
                split.fellBack() ? ", the most similar ones, as too few reached the threshold" : "",
                split.poisons() == null ? "" : ", poisons in it: " + split.poisons());
        out.flush();
    }

    @Override
    public void evaluation(EvaluationEvent evaluation) {
        finishLine(evaluation.epoch());
        TopK attack = evaluation.scores().attack();
        out.printf(
                Locale.ROOT,
                "         after epoch %d: concepts %.1f %%, kinds %.1f %%%s%n",
                evaluation.epoch(),
                100 * evaluation.scores().concepts().top1().rate(),
                100 * evaluation.scores().kinds().top1().rate(),
                attack == null
                        ? ""
                        : ", attack success " + attack.top1().hits() + " of "
                                + attack.top1().trials());
        out.flush();
    }

    @Override
    public void end(int all) {
        finishLine(all);
    }

    /** Writes the line of the epoch that has just ended, once. */
    private void finishLine(int done) {
        if (!title.isEmpty()) {
            clear();
            out.printf(Locale.ROOT, "%s loss %.3f  %s left%n", title, loss, left(done));
            out.flush();
            title = "";
        }
    }

    private void clear() {
        if (terminal) {
            out.print("\r" + " ".repeat(100) + "\r");
        }
    }

    /** Time left if the rest goes at the pace so far. */
    private String left(double done) {
        double passed = (System.nanoTime() - start) / 1e9;
        double share = done - (firstEpoch - 1);
        return share <= 0 ? "?" : duration(passed * (epochs - done) / share);
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 100 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
