package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.AttackMargin;
import org.safeclip.experiments.eval.AttackOutcome;

/** Prints the outcome of an attack. */
final class AttackReport {
    private AttackReport() {}

    static void print(AttackOutcome outcome, PrintWriter out) {
        out.printf("  %s: success %s%n", outcome.attack(), outcome.success());
        if (outcome.withoutTrigger() != null) {
            out.printf("    without the trigger: %s%n", outcome.withoutTrigger());
        }
        if (outcome.truth() != null) {
            out.printf("    classified correctly: %s%n", outcome.truth());
        }
        print(outcome.margin(), out);
    }

    private static void print(@Nullable AttackMargin margin, PrintWriter out) {
        if (margin == null) {
            return;
        }
        out.printf(
                Locale.ROOT, "    wanted class above the best other one by %.3f in the mean (cosine)%n", margin.mean());
        List<String> targets = margin.targets().stream()
                .map(target -> String.format(Locale.ROOT, "%.3f", target))
                .toList();
        if (!targets.isEmpty()) {
            out.printf("      by target: %s%n", String.join(" ", targets));
        }
    }
}
