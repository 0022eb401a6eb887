package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.safeclip.experiments.dataset.OpenClipart;
import org.safeclip.settings.InvalidInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prepare}: makes pairs of a collection that is not one of pairs. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes image-caption pairs of a picture collection on this machine; nothing is downloaded.",
            "open-clipart: the drawings of the Debian package openclipart-png, public domain, with captions from titles,"
                    + " descriptions, file names and folders.",
            "Writes DIR/pairs.csv with images/, and classes.txt for data.classes."
        })
final class PrepareCommand implements Callable<Integer> {
    private static final String OPEN_CLIPART = "open-clipart";

    @Parameters(index = "0", paramLabel = "SET", description = "open-clipart")
    private String set = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "an empty folder; created if missing")
    private Path out = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "FOLDER",
            description = "folder of the pictures (default: that of the installed package)")
    private Path from = OpenClipart.INSTALLED;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "32",
            description = "side of the square pictures in pixels (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--captions",
            paramLabel = "N",
            defaultValue = "3",
            description = "captions, and so pairs, of each picture, 1 to 3 (default: ${DEFAULT-VALUE})")
    private int captions;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (!set.equals(OPEN_CLIPART)) {
            throw new InvalidInputException("'" + set + "' is no set that can be prepared; expected " + OPEN_CLIPART);
        }
        if (size < 8 || size > 1024) {
            throw new InvalidInputException("--size is " + size + ", expected 8 to 1024");
        }
        if (captions < 1 || captions > OpenClipart.MOST_CAPTIONS) {
            throw new InvalidInputException(
                    "--captions is " + captions + ", expected 1 to " + OpenClipart.MOST_CAPTIONS);
        }
        OpenClipart clipart = new OpenClipart(from, out, size, captions);
        NewFolder.refuseFull(out);
        OpenClipart.Prepared made = clipart.prepare();
        PrintWriter to = spec.commandLine().getOut();
        to.printf(
                Locale.ROOT,
                "%s: %,d pairs of %,d pictures; %,d of these are of one of %d classes%n",
                Printable.text(made.list().toString()),
                made.pairs(),
                made.pictures(),
                made.labelled(),
                made.nouns());
        if (!made.leftOut().isEmpty()) {
            to.println(Printable.text(made.leftOut()));
        }
        to.println(Printable.text("Next: safeclip inspect --data " + out + ", then safeclip train --data " + out
                + " data.classes=" + made.classes() + " data.heldOutShare=0.2 --out RUN"));
        to.flush();
        return 0;
    }
}
