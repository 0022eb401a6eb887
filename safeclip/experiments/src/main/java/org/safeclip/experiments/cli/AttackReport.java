package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import org.safeclip.experiments.eval.AttackOutcome;

/** Tells people how an attack fared. */
final class AttackReport {
    private AttackReport() {}

    static void print(AttackOutcome outcome, PrintWriter out) {
        out.printf("  %s: success %s%n", outcome.attack(), outcome.success());
        if (outcome.withoutTrigger() != null) {
            out.printf("    without the trigger the wanted class comes up in %s%n", outcome.withoutTrigger());
        }
        if (outcome.truth() != null) {
            out.printf("    called what it truly is: %s%n", outcome.truth());
        }
    }
}
