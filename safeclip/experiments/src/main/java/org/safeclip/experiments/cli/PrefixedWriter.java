package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.io.Writer;

/** Adds a prefix to every line, so that the output of parallel runs can be told apart; writes only whole lines. */
final class PrefixedWriter extends Writer {
    private final String prefix;
    private final PrintWriter out;
    private final StringBuilder line = new StringBuilder();

    PrefixedWriter(String prefix, PrintWriter out) {
        this.prefix = prefix;
        this.out = out;
    }

    PrintWriter lines() {
        return new PrintWriter(this, false);
    }

    @Override
    public void write(char[] letters, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (letters[i] == '\n') {
                out.println(prefix + line.toString().stripTrailing()); // one call, so that lines do not mix
                line.setLength(0);
            } else {
                line.append(letters[i]);
            }
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
