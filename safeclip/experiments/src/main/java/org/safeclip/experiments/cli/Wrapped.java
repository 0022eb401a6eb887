package org.safeclip.experiments.cli;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines that fit a width. */
final class Wrapped {
    private Wrapped() {}

    /** The words of a text in lines of at most {@code width} characters; longer words get a line of their own. */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
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
