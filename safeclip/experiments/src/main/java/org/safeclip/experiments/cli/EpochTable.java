package org.safeclip.experiments.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Lays out one line per epoch in columns; a narrow terminal gets the most important ones. */
final class EpochTable {
    private static final int GAP = 2;

    /** A column with its heading, its width, and its place among the important ones. */
    enum Column {
        EPOCH("epoch", 6, 1),
        PHASE("phase", 9, 2),
        LOSS("loss", 5, 3),
        SAFE("safe", 6, 5),
        POISONS("poisons", 7, 4),
        CONCEPTS("concepts", 8, 8),
        KINDS("kinds", 6, 7),
        FOOLED("fooled", 6, 6),
        LEFT("time left", 12, 9);

        private final String heading;
        private final int width;
        private final int rank;

        Column(String heading, int width, int rank) {
            this.heading = heading;
            this.width = width;
            this.rank = rank;
        }
    }

    private final List<Column> columns;

    /** The columns that fit; the time left has a line of its own on a terminal. */
    EpochTable(int width, boolean withTimeLeft) {
        List<Column> fitting = new ArrayList<>();
        int left = width;
        for (Column column : List.of(Column.values()).stream()
                .filter(column -> withTimeLeft || column != Column.LEFT)
                .sorted(Comparator.comparingInt(column -> column.rank))
                .toList()) {
            left -= GAP + column.width;
            if (left < 0) {
                break;
            }
            fitting.add(column);
        }
        fitting.sort(Comparator.naturalOrder());
        columns = List.copyOf(fitting);
    }

    /** The headings. */
    String headings() {
        Map<Column, String> cells = new EnumMap<>(Column.class);
        columns.forEach(column -> cells.put(column, column.heading));
        return line(cells);
    }

    /** One line; missing cells stay empty. */
    String line(Map<Column, String> cells) {
        StringBuilder line = new StringBuilder();
        for (Column column : columns) {
            String cell = cells.getOrDefault(column, "");
            String padding = " ".repeat(Math.max(0, column.width - cell.length()));
            line.append(" ".repeat(GAP));
            line.append(column == Column.PHASE ? cell + padding : padding + cell);
        }
        return line.toString().stripTrailing();
    }
}
