package org.safeclip.experiments.grid;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.report.ComparisonPage;
import org.safeclip.experiments.report.ComparisonPage.Figure;
import org.safeclip.experiments.report.ComparisonPage.Group;
import org.safeclip.experiments.report.ComparisonPage.Rate;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.run.MethodCatalogue;

/** A comparison as a page with charts: for each attack its success against every method, and what the methods cost in accuracy. */
final class ComparisonReport {
    private ComparisonReport() {}

    static String page(Comparison comparison) {
        List<Group> groups = comparison.rows().stream()
                .map(Comparison.Row::attack)
                .distinct()
                .map(attack -> group(comparison, attack))
                .toList();
        return ComparisonPage.page(
                comparison.grid(),
                ComparisonTable.state(comparison) + " " + ComparisonTable.RATES,
                groups,
                comparison.costs().isEmpty() ? List.of() : ComparisonTable.costs(comparison));
    }

    private static Group group(Comparison comparison, String attack) {
        List<Comparison.Row> rows = comparison.rows().stream()
                .filter(row -> row.attack().equals(attack))
                .toList();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("Attack success", true, rates(rows, Comparison.Row::success)));
        rows.getFirst().measures().keySet().stream()
                .findFirst()
                .ifPresent(measure -> figures.add(new Figure(
                        measure, false, rates(rows, row -> row.measures().get(measure)))));
        StringBuilder lead = new StringBuilder();
        comparison.doses().stream()
                .filter(dose -> dose.attack().equals(attack))
                .forEach(dose -> lead.append(dose.text()).append(". "));
        lead.append("Attack success is the share of attacked inputs that get the attacker's answer.");
        return new Group(
                attack,
                lead.toString(),
                success(rows, MethodCatalogue.CLIP),
                success(rows, MethodCatalogue.SAFECLIP),
                figures,
                ComparisonTable.lines(comparison, attack));
    }

    private static List<Rate> rates(
            List<Comparison.Row> rows, Function<Comparison.Row, @Nullable SeedStatistics> measure) {
        List<Rate> rates = new ArrayList<>();
        for (Comparison.Row row : rows) {
            SeedStatistics known = measure.apply(row);
            if (known != null) {
                String title = MethodCatalogue.STANDARD.title(row.method());
                rates.add(new Rate(title, known.mean(), known.low(), known.high(), known.text()));
            }
        }
        return rates;
    }

    private static String success(List<Comparison.Row> rows, String method) {
        for (Comparison.Row row : rows) {
            SeedStatistics success = row.success();
            if (row.method().equals(method) && success != null) {
                return Numbers.fixed(100 * success.mean(), 0) + " %";
            }
        }
        return "";
    }
}
