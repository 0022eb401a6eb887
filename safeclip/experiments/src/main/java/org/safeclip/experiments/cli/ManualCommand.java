package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/** {@code manual}: prints the manual page in the format of {@code man}. */
@Command(
        name = "manual",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the manual page of all commands, in the format of man.",
            "Read it: bin/safeclip manual > safeclip.1; man ./safeclip.1"
        })
final class ManualCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CommandLine root = spec.root().commandLine();
        out.println(".TH SAFECLIP 1 \"\" \"" + plain(root.getCommandSpec().version()[0]) + "\"");
        out.println(".SH NAME\nsafeclip \\- trains CLIP on poisoned pairs so that the attack fails");
        out.println(".SH SYNOPSIS\n.B safeclip\n.I COMMAND\n[options]");
        out.println(".SH DESCRIPTION");
        describe(root, out);
        for (CommandLine command : root.getSubcommands().values()) {
            out.println(".SH \"" + plain("safeclip " + command.getCommandName()) + "\"");
            describe(command, out);
            command.getCommandSpec().positionalParameters().forEach(parameter -> entry(parameter, out));
            command.getCommandSpec().options().forEach(option -> entry(option, out));
        }
        out.flush();
        return 0;
    }

    private static void describe(CommandLine command, PrintWriter out) {
        for (String paragraph : command.getCommandSpec().usageMessage().description()) {
            out.println(".PP\n" + text(paragraph));
        }
    }

    private static void entry(OptionSpec option, PrintWriter out) {
        String label = option.arity().max() == 0 ? "" : " \\fI" + plain(option.paramLabel()) + "\\fR";
        out.println(".TP\n\\fB" + plain(String.join(", ", option.names())) + "\\fR" + label);
        out.println(text(String.join(" ", option.description())));
    }

    private static void entry(PositionalParamSpec parameter, PrintWriter out) {
        out.println(".TP\n\\fI" + plain(parameter.paramLabel()) + "\\fR");
        out.println(text(String.join(" ", parameter.description())));
    }

    /** A paragraph: picocli's markup and escapes are resolved. */
    private static String text(String description) {
        return plain(Ansi.OFF.string(description.replace("%%", "%")));
    }

    /** A line that man takes literally. */
    private static String plain(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
