package org.safeclip.experiments.cli;

import java.io.PrintWriter;
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
    }
}
