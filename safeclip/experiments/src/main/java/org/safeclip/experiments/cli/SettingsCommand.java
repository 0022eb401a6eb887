package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.safeclip.experiments.config.SettingKey;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code settings}: lists every setting with its meaning, default, range and source. */
@Command(
        name = "settings",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the settings: key and default, then meaning, values allowed and source of the default.",
            "Give a setting as key=value to a training command, or in a file with --config."
        })
final class SettingsCommand implements Callable<Integer> {
    private static final int WIDTH = 96;

    @Parameters(
            arity = "0..1",
            paramLabel = "WORD",
            description = "list only settings whose key or meaning contains this word, such as growth or safeclip")
    private String word = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        String wanted = word.toLowerCase(Locale.ROOT);
        List<SettingKey> found = SettingKey.all().stream()
                .filter(key -> key.key().toLowerCase(Locale.ROOT).contains(wanted)
                        || key.meaning().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new InvalidInputException(
                    "no setting contains '" + word + "' in its key or meaning; 'safeclip settings' lists all");
        }
        PrintWriter out = spec.commandLine().getOut();
        String table = "";
        for (SettingKey key : found) {
            if (!key.table().equals(table)) {
                table = key.table();
                out.println("\n[" + table + "]");
            }
            print(key, out);
        }
        out.flush();
        return 0;
    }

    private static void print(SettingKey key, PrintWriter out) {
        Setting setting = key.setting();
        out.println(key.key() + " = " + (setting.value().isEmpty() ? "\"\"" : setting.value()));
        wrapped(key.meaning(), out);
        String source = setting.source();
        wrapped(key.expected() + (source.isEmpty() ? "" : " (" + source + ")"), out);
    }

    /** Prints a text in indented lines of at most {@link #WIDTH} characters. */
    private static void wrapped(String text, PrintWriter out) {
        List<String> line = new ArrayList<>();
        int length = 0;
        for (String next : text.split(" ", -1)) {
            if (length + next.length() > WIDTH) {
                out.println("    " + String.join(" ", line));
                line.clear();
                length = 0;
            }
            line.add(next);
            length += next.length() + 1;
        }
        out.println("    " + String.join(" ", line));
    }
}
