package org.safeclip.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.safeclip.eval.AttackOutcome;
import org.safeclip.eval.Evaluation;
import org.safeclip.run.SavedModel;
import org.safeclip.run.Scenario;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evaluate}: what a saved model is worth, and whether the attack of its training took. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Tests a checkpoint on the held-out artist: concepts, kinds, and the attack it was trained under.")
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CHECKPOINT", description = "a checkpoint of demo or train")
    private Path checkpoint = Path.of("");

    @Mixin
    private DeviceOptions options = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        PrintWriter out = spec.commandLine().getOut();
        try (Backend device = options.open()) {
            SavedModel saved = SavedModel.load(checkpoint, device);
            Scenario scenario = Scenario.of(saved.config(), saved.attacks());
            if (!scenario.canBeAsked()) {
                throw new IllegalArgumentException(
                        checkpoint + ": was trained on " + saved.config().data()
                                + " without held-out pictures of known classes; there is nothing to test it on");
            }
            Evaluation evaluation = scenario.evaluate(saved.model());
            out.printf(
                    Locale.ROOT,
                    "held-out artist           %s%n",
                    saved.config().heldOutArtist());
            out.printf(
                    Locale.ROOT,
                    "concepts (%d), top 1     %.1f %%%n",
                    scenario.concepts().classes().size(),
                    100 * evaluation.zeroShotTop1());
            out.printf(
                    Locale.ROOT,
                    "concepts (%d), top 5     %.1f %%%n",
                    scenario.concepts().classes().size(),
                    100 * evaluation.zeroShotTop5());
            out.printf(
                    Locale.ROOT,
                    "kinds (%d), top 1         %.1f %%%n",
                    scenario.kinds().classes().size(),
                    100 * evaluation.kindTop1());
            out.printf("attack                    %s%n", scenario.attackLabel());
            for (AttackOutcome outcome : scenario.outcomes(saved.model())) {
                AttackReport.print(outcome, out);
            }
            out.flush();
        }
        return 0;
    }
}
