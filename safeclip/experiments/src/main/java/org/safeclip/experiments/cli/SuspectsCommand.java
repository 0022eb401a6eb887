package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.safeclip.experiments.report.SuspectSheet;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.TrustFile;
import org.safeclip.settings.InvalidInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code suspects}: the training pairs that a run trusts least. */
@Command(
        name = "suspects",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the training pairs that a run trusts least, and writes them with pictures as DIR/suspects.html.",
            "All pairs with their similarity and posterior are in the csv file beside the checkpoint, such as"
                    + " DIR/trust.csv."
        })
final class SuspectsCommand implements Callable<Integer> {
    private static final int LISTED = 10;

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "folder of demo or train with a method that splits the pairs")
    private Path folder = Path.of("");

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "50",
            description = "pairs on the sheet (default: ${DEFAULT-VALUE})")
    private int top;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (top < 1) {
            throw new InvalidInputException("--top is " + top + ", expected at least 1");
        }
        RunFolder run = RunFolder.open(folder);
        TrustFile trust = TrustFile.read(trustFile(run));
        Experiment experiment = Experiment.of(run.config(), run.attacks());
        if (trust.pairs().size() != experiment.pairs().size()) {
            throw new InvalidInputException(
                    folder + ": was trained on " + trust.pairs().size() + " pairs, but "
                            + run.config().data().source() + " now gives "
                            + experiment.pairs().size()
                            + "; restore the original file");
        }
        PrintWriter out = spec.commandLine().getOut();
        int[] order = trust.leastFirst();
        for (int i = 0; i < Math.min(Math.min(LISTED, top), order.length); i++) {
            TrustFile.Pair pair = trust.pairs().get(order[i]);
            out.printf(
                    Locale.ROOT,
                    "  %6.3f  %-20s  %s%n",
                    pair.similarity(),
                    Printable.text(pair.row().isEmpty() ? "added by the attack" : pair.image()),
                    Printable.text(pair.caption()));
        }
        Path sheet = folder.resolve("suspects.html");
        SuspectSheet.write(sheet, experiment, trust, top);
        out.println("The " + Math.min(top, order.length) + " least trusted pairs with pictures: "
                + Printable.text(sheet.toString()));
        out.flush();
        return 0;
    }

    private static Path trustFile(RunFolder run) throws IOException {
        for (Path checkpoint : run.checkpoints().values()) {
            Path file = TrustFile.beside(checkpoint);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new InvalidInputException(run.folder()
                + ": no method has split the pairs here yet; train one that does, such as train --method safeclip");
    }
}
