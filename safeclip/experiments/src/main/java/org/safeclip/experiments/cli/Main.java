package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
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
            TuneCommand.class
        })
public final class Main {
    /** Exit code of bad input. */
    static final int BAD_INPUT = 2;

    /** Exit code of a fault. */
    static final int FAULT = 1;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "print a stack trace where something goes wrong")
    private boolean debug;

    /** Called by picocli. */
    public Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
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
            return BAD_INPUT;
        });
        line.setExecutionExceptionHandler((failed, command, parsed) -> {
            PrintWriter error = command.getErr();
            if (main.debug) {
                failed.printStackTrace(error);
            }
            error.println("safeclip: " + oneLine(failed));
            return isBadInput(failed) ? BAD_INPUT : FAULT;
        });
        return line;
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
        return oneLine(refused);
    }

    private static boolean isBadInput(Exception e) {
        return e instanceof IllegalArgumentException
                || e instanceof BackendUnavailable
                || e instanceof FileSystemException;
    }

    private static String oneLine(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case AccessDeniedException denied -> denied.getFile() + ": access denied; choose a place you may write to";
            case FileAlreadyExistsException there -> there.getFile() + ": is a file where a folder is needed";
            case FileSystemException other ->
                other.getFile() + ": " + (other.getReason() == null ? "cannot be used" : other.getReason());
            case UncheckedIOException wrapped -> oneLine(wrapped.getMessage(), wrapped);
            default -> oneLine(e.getMessage(), e);
        };
    }

    private static String oneLine(@Nullable String message, Exception e) {
        String text = message == null ? e.getClass().getSimpleName() + " (run again with --debug)" : message;
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
