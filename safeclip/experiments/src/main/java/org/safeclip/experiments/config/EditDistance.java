package org.safeclip.experiments.config;

import java.util.Arrays;

/** How far a mistyped word is from a known one. */
public final class EditDistance {
    private EditDistance() {}

    /** Levenshtein distance: insertions, deletions and substitutions that turn one word into the other. */
    public static int of(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchange = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchange, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
