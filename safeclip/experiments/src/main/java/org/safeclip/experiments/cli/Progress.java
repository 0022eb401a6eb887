package org.safeclip.experiments.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.SplitEvent;
import org.safeclip.train.TrainingPhase;

/** Shows the progress of training: one line per epoch, and on a terminal a progress bar within the epoch. */
final class Progress implements RunListener {
    private static final int BAR = 24;

    private final PrintWriter out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private String method = "";
    private String title = "";
    private int firstEpoch;
    private int epoch;
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

    @SuppressWarnings("SystemConsoleNull") // null in a pipe unless jdk.internal.le is among the modules
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    @Override
    public void started(TrainingMethod started, List<String> plan) {
        method = started.name();
        epochs = started.epochs();
        plan.forEach(line -> out.println(Printable.text(line)));
        out.flush();
    }

    @Override
    public void epochStarted(int now, TrainingPhase phase) {
        if (firstEpoch == 0) {
            firstEpoch = now;
        }
        epoch = now;
        title = String.format(Locale.ROOT, "%-8s epoch %2d/%d %-7s", method, now, epochs, phase.label());
    }

    @Override
    public void stepped(Step step) {
        loss = step.loss();
        long time = System.nanoTime();
        if (terminal && time - drawn > 200_000_000L) {
            drawn = time;
            int full = BAR * step.number() / step.of();
            out.printf(
                    Locale.ROOT,
                    "\r%s %-11s [%s%s] loss %.3f  %s left ",
                    title,
                    step.objective(),
                    "#".repeat(full),
                    ".".repeat(BAR - full),
                    loss,
                    left(epoch - 1 + (double) step.number() / step.of()));
            out.flush();
        }
    }

    @Override
    public void diagnosed(SplitEvent split) {
        clear();
        out.printf(
                Locale.ROOT,
                "%s safe set: %,d of %,d pairs (%.1f %%)%s%s%n",
                title,
                split.size(),
                split.pairs(),
                100.0 * split.size() / split.pairs(),
                split.fellBack() ? ", the most similar pairs, because too few reached the threshold" : "",
                split.poisons() == null ? "" : ", poisons in it: " + split.poisons());
        out.flush();
    }

    @Override
    public void epochEnded(int ended, TrainingPhase phase) {
        clear();
        out.printf(Locale.ROOT, "%s loss %.3f  %s left%n", title, loss, left(ended));
        out.flush();
    }

    @Override
    public void evaluated(EvaluationEvent evaluation) {
        TopK attack = evaluation.scores().attack();
        out.printf(
                Locale.ROOT,
                "         after epoch %d: concepts %.1f %%, kinds %.1f %%%s%n",
                evaluation.epoch(),
                100 * evaluation.scores().fine().top1().rate(),
                100 * evaluation.scores().coarse().top1().rate(),
                attack == null
                        ? ""
                        : ", attack success " + attack.top1().hits() + " of "
                                + attack.top1().trials());
        out.flush();
    }

    private void clear() {
        if (terminal) {
            out.print("\r" + " ".repeat(100) + "\r");
        }
    }

    /** Estimates the time left from the speed so far; {@code done} counts epochs. */
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
