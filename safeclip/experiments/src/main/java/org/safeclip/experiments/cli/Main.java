package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: picks the command, and turns what goes wrong into one line and an exit code. */
@Command(
        name = "safeclip",
        description = {
            "SafeCLIP in Java: train CLIP on poisoned picture-caption pairs without being fooled by them.",
            "Start with: safeclip demo --out runs/demo"
        },
        mixinStandardHelpOptions = true,
        version = "safeclip 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        footer = "bin/safeclip bench shows how fast each kernel is on this machine.",
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            CompareCommand.class,
            PoisonCommand.class,
            EvaluateCommand.class,
            SearchCommand.class,
            DevicesCommand.class,
            TuneCommand.class,
            SettingsCommand.class
        })
public final class Main implements Runnable {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "print a stack trace where something goes wrong")
    private boolean debug;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(execute(commandLine(), arguments));
    }

    /** Without a command, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Runs a command; the answer is its exit code, whatever is thrown. */
    static int execute(CommandLine line, String... arguments) {
        try {
            return line.execute(arguments);
        } catch (Error e) { // picocli handles exceptions only
            Main main = line.getCommand();
            return main.report(e, line.getErr());
        }
    }

    /** All commands, and one line for whatever goes wrong in them. */
    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine line = new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((refused, given) -> {
            CommandLine command = refused.getCommandLine();
            command.getErr()
                    .println("safeclip: " + wrongUse(refused, command) + "; see "
                            + command.getCommandSpec().qualifiedName() + " --help");
            return Failure.BAD_INPUT;
        });
        line.setExecutionExceptionHandler((failed, command, parsed) -> main.report(failed, command.getErr()));
        return line;
    }

    private int report(Throwable thrown, PrintWriter error) {
        Failure failure = Failure.of(thrown);
        if (debug) {
            thrown.printStackTrace(error);
        }
        error.println("safeclip: " + failure.line());
        error.flush();
        return failure.exitCode();
    }

    private static String wrongUse(ParameterException refused, CommandLine command) {
        if (refused instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && command.getParent() == null) {
            List<String> near = unmatched.getSuggestions();
            return "there is no command '" + unmatched.getUnmatched().getFirst() + "'"
                    + (near.isEmpty() ? "" : ", did you mean '" + near.getFirst() + "'?") + " The commands are "
                    + String.join(", ", command.getSubcommands().keySet());
        }
        return Failure.oneLine(String.valueOf(refused.getMessage()));
    }
}
