package org.safeclip.experiments.grid;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.report.TextTable;
import org.safeclip.experiments.run.MethodCatalogue;

/** Formats a comparison as text or Markdown: one table per attack, undefended CLIP first, and a table of costs. */
public final class ComparisonTable {
    static final String RATES =
            "Rates: mean over the seeds [95 % interval: Student's t over the seeds, at least as wide"
                    + " as the exact interval of the counts] (counts summed over the seeds)."
                    + " Margin: cosine of the attacker's class minus that of the best other one, mean over the attacked inputs;"
                    + " the attack succeeds where it is positive.";

    private ComparisonTable() {}

    /** The tables as text for a terminal, ASCII only. */
    public static String text(Comparison comparison) {
        return page(comparison, TextTable::text, "").replace('–', '-');
    }

    /** The tables as Markdown. */
    public static String markdown(Comparison comparison) {
        return page(comparison, TextTable::markdown, "### ");
    }

    /** How much of the grid is finished. */
    static String state(Comparison comparison) {
        return comparison.finished() + " of " + comparison.cells() + " runs finished"
                + (comparison.complete() ? "." : ". The grid is NOT complete.");
    }

    private static String page(Comparison comparison, Function<List<List<String>>, String> table, String heading) {
        StringBuilder page = new StringBuilder();
        page.append(comparison.grid()).append(": ").append(state(comparison)).append('\n');
        page.append(RATES).append('\n');
        Stream<String> attacks =
                comparison.rows().stream().map(Comparison.Row::attack).distinct();
        attacks.forEach(attack -> {
            page.append('\n').append(heading).append("Attack: ").append(attack).append("\n\n");
            List<Comparison.Dose> doses = comparison.doses().stream()
                    .filter(dose -> dose.attack().equals(attack))
                    .toList();
            doses.forEach(dose -> page.append(dose.text()).append(".\n"));
            page.append(doses.isEmpty() ? "" : "\n");
            page.append(table.apply(lines(comparison, attack)));
        });
        if (!comparison.costs().isEmpty()) {
            page.append('\n').append(heading).append("Cost of an epoch\n\n");
            page.append(table.apply(costs(comparison)));
        }
        return page.toString();
    }

    static List<List<String>> lines(Comparison comparison, String attack) {
        List<Comparison.Row> rows = comparison.rows().stream()
                .filter(row -> row.attack().equals(attack))
                .toList();
        List<String> measures = rows.stream()
                .flatMap(row -> row.measures().keySet().stream())
                .distinct()
                .toList();
        boolean triggers = rows.stream().anyMatch(row -> row.withoutTrigger() != null);
        boolean sets = rows.stream().anyMatch(row -> row.firstSet() != null);
        List<List<String>> lines = new ArrayList<>();
        boolean floors = rows.stream().anyMatch(row -> row.excess() != null);
        List<String> headings = new ArrayList<>(List.of("Method", "Attack success"));
        if (floors) {
            headings.add("Excess over floor");
        }
        if (triggers) {
            headings.add("Without trigger");
        }
        boolean margins = rows.stream().anyMatch(row -> row.margin() != null);
        if (margins) {
            headings.add("Margin");
        }
        headings.addAll(measures);
        if (sets) {
            headings.addAll(List.of("Poisons in first safe set", "In last safe set"));
        }
        boolean budgets = rows.stream().anyMatch(row -> row.images() != null);
        if (budgets) {
            headings.addAll(List.of("Steps", "Image views"));
        }
        headings.addAll(List.of("Seeds", "Remark"));
        lines.add(headings);
        for (Comparison.Row row : rows) {
            List<String> cells =
                    new ArrayList<>(List.of(MethodCatalogue.STANDARD.title(row.method()), text(row.success())));
            if (floors) {
                Double excess = row.excess();
                cells.add(excess == null ? "–" : Numbers.fixed(100 * excess, 1) + " points");
            }
            if (triggers) {
                cells.add(text(row.withoutTrigger()));
            }
            if (margins) {
                Double margin = row.margin();
                cells.add(margin == null ? "–" : Numbers.fixed(margin, 3));
            }
            measures.forEach(name -> cells.add(text(row.measures().get(name))));
            if (sets) {
                cells.add(text(row.firstSet()));
                cells.add(text(row.lastSet()));
            }
            if (budgets) {
                cells.add(count(row.steps()));
                cells.add(count(row.images()));
            }
            cells.add(
                    String.join(", ", row.seeds().stream().map(String::valueOf).toList()));
            cells.add(row.remark());
            lines.add(cells);
        }
        return lines;
    }

    static List<List<String>> costs(Comparison comparison) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(
                List.of("Method", "Phase", "Epochs", "Seconds", "CPU seconds", "of which scoring", "of which mixture"));
        for (Comparison.Cost cost : comparison.costs()) {
            lines.add(List.of(
                    MethodCatalogue.STANDARD.title(cost.method()),
                    cost.phase(),
                    Numbers.count(cost.epochs()),
                    Numbers.fixed(cost.seconds(), 1),
                    Numbers.fixed(cost.cpuSeconds(), 1),
                    Numbers.fixed(cost.scoring(), 2),
                    Numbers.fixed(cost.mixture(), 2)));
        }
        return lines;
    }

    private static String count(@Nullable Double mean) {
        return mean == null ? "–" : Numbers.count(Math.round(mean));
    }

    private static String text(@Nullable SeedStatistics spread) {
        return spread == null ? "–" : spread.text();
    }

    private static String text(Comparison.@Nullable SafeSets sets) {
        return sets == null
                ? "–"
                : Numbers.count(sets.poisonsInside()) + " of " + Numbers.count(sets.poisons()) + " in "
                        + Numbers.count(sets.size()) + " of " + Numbers.count(sets.pairs());
    }
}
