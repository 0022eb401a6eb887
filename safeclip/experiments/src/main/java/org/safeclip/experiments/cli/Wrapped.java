package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines that fit a width. */
final class Wrapped {
    private static final String NO_BREAK = "\u00a0";

    private Wrapped() {}

    /** Prints a text in lines that fit the terminal; into a pipe or file in one line. */
    static void print(String text, Terminal terminal, PrintWriter out) {
        String printable = Printable.text(text);
        if (terminal.isInteractive()) {
            lines(printable, terminal.width()).forEach(out::println);
        } else {
            out.println(printable);
        }
    }

    /**
     * The words of a text in lines of at most {@code width} characters; longer words get a line of their own, and a percent sign
     * stays with its number.
     */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String glued : text.strip().replace(" %", NO_BREAK + "%").split("[ \t\n\r]+", -1)) {
            String word = glued.replace(NO_BREAK, " ");
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
