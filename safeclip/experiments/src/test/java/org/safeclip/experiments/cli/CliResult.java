package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** What a command said that was run in this process. */
record CliResult(int code, String out, String err) {
    /** Settings of a model that trains in a moment. */
    static final List<String> SMALL = List.of(
            "imageLayers=0",
            "stem=[8, 8, 8]",
            "patch=0",
            "textWidth=16",
            "textLayers=1",
            "textHeads=2",
            "embedding=8",
            "vocabulary=520",
            "batch=64",
            "pool=128",
            "maxSteps=3",
            "evaluateEvery=0");

    /** Runs the command line that these arguments make. */
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
