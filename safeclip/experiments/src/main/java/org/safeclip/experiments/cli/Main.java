package org.safeclip.experiments.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.config.EditDistance;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: selects the command, and reports errors as one line and an exit code. */
@Command(
        name = "safeclip",
        description = {
            "SafeCLIP in Java: trains CLIP on poisoned image-caption pairs so that the attack fails.",
            "Start with: safeclip demo --out runs/demo"
        },
        mixinStandardHelpOptions = true,
        version = "safeclip 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        footer = "%nbin/safeclip bench measures each kernel on this machine.",
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            PrepareCommand.class,
            InspectCommand.class,
            CompareCommand.class,
            PoisonCommand.class,
            RankCommand.class,
            ReportCommand.class,
            EvaluateCommand.class,
            SearchCommand.class,
            ExploreCommand.class,
            SuspectsCommand.class,
            ScoreCommand.class,
            ExportCommand.class,
            DevicesCommand.class,
            TuneCommand.class,
            SettingsCommand.class,
            CommandLine.HelpCommand.class,
            CompletionCommand.class,
            ManualCommand.class
        })
public final class Main implements Runnable {
    /** picocli needs this many columns. */
    private static final int NARROWEST_HELP = 55;

    /** Longer lines are hard to read. */
    private static final int WIDEST_HELP = 100;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "print a stack trace on errors")
    private boolean debug;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Job job = new Job();

    /** Called by picocli. */
    public Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        String lost = lostOutput();
        if (lost != null && code == 0) {
            System.err.println("safeclip: standard output could not be written: " + lost);
            code = Failure.FAILED;
        }
        System.exit(code);
    }

    /** Why standard output could not be written; null if it was, or if the reader, such as {@code head}, closed the pipe. */
    private static @Nullable String lostOutput() {
        if (!System.out.checkError()) {
            return null;
        }
        try (FileOutputStream again = new FileOutputStream(FileDescriptor.out)) {
            again.write('\n'); // System.out does not report the reason
            return "some of it is missing";
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            return reason.toLowerCase(Locale.ROOT).contains("broken pipe") ? null : reason;
        }
    }

    /** The job of several processes that this one may belong to. */
    Job job() {
        return job;
    }

    /** Without a command, prints the usage. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The command line with all commands; it reports every error as one line. */
    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine line = new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(Math.clamp(Terminal.ofProcess().width(), NARROWEST_HELP, WIDEST_HELP));
        line.setParameterExceptionHandler((refused, given) -> {
            CommandLine command = refused.getCommandLine();
            command.getErr()
                    .println("safeclip: " + wrongUse(refused, command) + "; see "
                            + command.getCommandSpec().qualifiedName() + " --help");
            return Failure.BAD_INPUT;
        });
        line.setExecutionStrategy(parsed -> {
            try {
                return new RunLast().execute(parsed);
            } catch (Error e) { // picocli passes exceptions to the handler below, but not errors
                throw new ExecutionException(line, "error", e);
            }
        });
        line.setExecutionExceptionHandler((failed, command, parsed) -> main.report(failed, command.getErr()));
        return line;
    }

    private int report(Throwable thrown, PrintWriter error) {
        Failure failure = Failure.of(thrown);
        job.letTheFirstSpeak();
        if (debug) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            error.print(Printable.lines(trace.toString()));
        }
        error.println("safeclip: " + failure.line());
        error.flush();
        job.fail(failure.exitCode());
        return failure.exitCode();
    }

    private static String wrongUse(ParameterException refused, CommandLine command) {
        if (refused instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && command.getParent() == null) {
            String written = unmatched.getUnmatched().getFirst();
            String near = unmatched.getSuggestions().stream()
                    .min(Comparator.comparingInt((String name) -> EditDistance.of(written, name)))
                    .map(name -> ", did you mean '" + name + "'?")
                    .orElse("");
            return "there is no command '" + Printable.text(written) + "'" + near + " The commands are "
                    + String.join(", ", command.getSubcommands().keySet());
        }
        return Failure.oneLine(String.valueOf(refused.getMessage()));
    }
}
