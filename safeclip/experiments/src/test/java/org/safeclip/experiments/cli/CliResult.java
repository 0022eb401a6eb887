package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** The output of a command that ran in this process. */
record CliResult(int code, String out, String err) {
    /** Settings of a model that trains in seconds. */
    static final List<String> SMALL = List.of(
            "model.vision.layers=0",
            "model.vision.stem=[8, 8, 8]",
            "model.vision.patch=0",
            "model.text.width=16",
            "model.text.layers=1",
            "model.text.heads=2",
            "model.embedding=8",
            "model.text.vocabulary=520",
            "training.batchSize=64",
            "pools.size=128",
            "training.maxSteps=3",
            "evaluation.every=0");

    /** Runs the program with these arguments. */
    static CliResult to(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new CliResult(code, out.toString(), err.toString());
    }
}
