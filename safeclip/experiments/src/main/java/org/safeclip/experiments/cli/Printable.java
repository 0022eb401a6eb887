package org.safeclip.experiments.cli;

import java.util.Locale;

/** Makes foreign text harmless to a terminal: captions, names of files, classes and tensors may hold escape sequences. */
final class Printable {
    private Printable() {}

    /** The text on one line: control characters, and those that reverse the direction of writing, become such as \x1b. */
    static String text(String text) {
        return escaped(text, false);
    }

    /** The same for text of several lines, whose line breaks and tabs stay. */
    static String lines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean keepLines) {
        if (text.codePoints().noneMatch(Printable::isUnsafe)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (!isUnsafe(c) || (keepLines && (c == '\n' || c == '\t'))) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", c));
            }
        });
        return out.toString();
    }

    private static boolean isUnsafe(int c) {
        boolean direction = c == 0x61c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
        return direction
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> true;
                    default -> false;
                };
    }
}
