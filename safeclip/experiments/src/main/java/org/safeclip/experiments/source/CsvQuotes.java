package org.safeclip.experiments.source;

import java.nio.CharBuffer;
import java.nio.file.Path;
import org.safeclip.settings.InvalidInputException;

/** Follows the quotes of a csv file (RFC 4180) through its text and refuses one that is not closed, by the line it opens in. */
final class CsvQuotes {
    private final Path file;
    private final char separator;
    private Place place = Place.FIELD_START;
    private long line = 1;
    private long opened; // line of the last opening quote
    private int length; // of the quoted field so far
    private boolean afterReturn;

    private enum Place {
        FIELD_START,
        UNQUOTED,
        QUOTED,
        AFTER_QUOTE // in a quoted field: its end, or the first of two that stand for one
    }

    CsvQuotes(Path file, char separator) {
        this.file = file;
        this.separator = separator;
    }

    /** The current line, from 1. */
    long line() {
        return line;
    }

    void read(CharBuffer text) {
        while (text.hasRemaining()) {
            read(text.get());
        }
    }

    private void read(char c) {
        if (c == 0) {
            throw new InvalidInputException(
                    file + ", line " + line + ": contains a zero byte: not a text file, or UTF-16"
                            + " without a byte order mark; save it as csv in UTF-8 (iconv -f UTF-16LE -t UTF-8)");
        }
        boolean lineBreak = c == '\n' || c == '\r';
        boolean fieldEnd = c == separator || lineBreak;
        switch (place) {
            case FIELD_START -> {
                if (c == '"') {
                    place = Place.QUOTED;
                    opened = line;
                    length = 0;
                } else if (!fieldEnd) {
                    place = Place.UNQUOTED;
                }
            }
            case UNQUOTED -> place = fieldEnd ? Place.FIELD_START : Place.UNQUOTED;
            case QUOTED -> {
                if (c == '"') {
                    place = Place.AFTER_QUOTE;
                } else if (++length > CsvText.LONGEST_FIELD) {
                    throw refused("is not closed within " + CsvText.LONGEST_FIELD + " characters");
                }
            }
            case AFTER_QUOTE -> {
                if (!fieldEnd && c != '"') {
                    throw refused("is closed before the end of the field, in line " + line);
                }
                place = fieldEnd ? Place.FIELD_START : Place.QUOTED;
            }
        }
        if (lineBreak && !(c == '\n' && afterReturn)) {
            line++;
        }
        afterReturn = c == '\r';
    }

    /** Refuses a quote that is open at the end of the text. */
    void end() {
        if (place == Place.QUOTED) {
            throw refused("is not closed before the end of the file");
        }
    }

    private InvalidInputException refused(String what) {
        return refusal(file, opened, what);
    }

    static InvalidInputException refusal(Path file, long line, String what) {
        return new InvalidInputException(file + ", line " + line + ": the double quote that opens a field there " + what
                + "; put a field with a quote in it in quotes and double each quote inside, or remove the quote");
    }
}
