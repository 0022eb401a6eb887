package org.safeclip.experiments.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tells from the header of a csv file of pairs what separates its fields. */
final class CsvSeparator {
    private static final char[] CANDIDATES = {'\t', ',', ';'};

    private CsvSeparator() {}

    /**
     * The one of tab, comma and semicolon that gives a column of images and one of captions; where none does, a tab if there is
     * one, a semicolon if there is one and no comma, else a comma.
     */
    static char of(String header) {
        for (char separator : CANDIDATES) {
            if (hasBoth(columns(header, separator))) {
                return separator;
            }
        }
        if (header.indexOf('\t') >= 0) {
            return '\t';
        }
        return header.indexOf(';') >= 0 && header.indexOf(',') < 0 ? ';' : ',';
    }

    /** Whether a line is a header with a column of images and one of captions. */
    static boolean isHeader(String line) {
        return hasBoth(columns(line, of(line)));
    }

    private static boolean hasBoth(List<String> columns) {
        return columns.stream().anyMatch(CsvPairs.IMAGE::contains)
                && columns.stream().anyMatch(CsvPairs.CAPTION::contains);
    }

    private static List<String> columns(String header, char separator) {
        return Arrays.stream(header.split(String.valueOf(separator), -1))
                .map(name -> name.strip().replaceAll("^\"|\"$", "").strip().toLowerCase(Locale.ROOT))
                .toList();
    }
}
