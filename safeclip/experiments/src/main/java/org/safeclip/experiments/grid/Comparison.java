package org.safeclip.experiments.grid;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.run.AtomicFile;
import org.safeclip.experiments.run.Json;
import org.safeclip.experiments.run.Result;

/**
 * What came of a grid of trainings, as far as it is finished: for every attack what it does where nobody defends, and then
 * each method. It is the grid's json file, number for number.
 *
 * @param grid its name, which its files have too
 * @param cells trainings planned
 * @param finished trainings finished
 * @param doses how much of each attack there is
 * @param rows one for each attack and method, undefended CLIP first
 * @param costs what the phases of each method cost
 */
public record Comparison(String grid, int cells, int finished, List<Dose> doses, List<Row> rows, List<Cost> costs) {
    /** An attack that fools undefended CLIP less often says nothing about a defence. */
    static final double TAKES = 0.5;

    /**
     * A training that belongs to the grid.
     *
     * @param attack name of the attack
     * @param method name of the row
     * @param undefended whether it is CLIP with nothing changed
     */
    public record Planned(String attack, String method, long seed, boolean undefended) {}

    /** A training that is finished. */
    public record Finished(Planned cell, Result result, Result.Run run) {}

    /**
     * How much of an attack there is, over the seeds and targets of the finished trainings. A stack has one for each attack in it.
     *
     * @param attack name of the attack or of the whole stack
     * @param part name of the attack in the stack
     * @param targets classes it pulls towards, each seed's counted
     * @param fewest poisons of a target, at least
     * @param most poisons of a target, at most
     * @param fewestClean honest pairs that name the target, at least
     * @param mostClean and at most
     */
    public record Dose(String attack, String part, int targets, int fewest, int most, int fewestClean, int mostClean) {
        private static Dose of(String attack, List<Result.Target> targets) {
            IntSummaryStatistics poisons =
                    targets.stream().mapToInt(Result.Target::poisons).summaryStatistics();
            IntSummaryStatistics clean =
                    targets.stream().mapToInt(Result.Target::cleanPairs).summaryStatistics();
            return new Dose(
                    attack,
                    targets.getFirst().attack(),
                    targets.size(),
                    poisons.getMin(),
                    poisons.getMax(),
                    clean.getMin(),
                    clean.getMax());
        }

        /** In words: "targeted: 16 poisons for each of 48 targets against 24–614 clean pairs that name it". */
        String text() {
            return part + ": " + range(fewest, most) + " poisons"
                    + (targets == 1 ? "" : " for each of " + targets + " targets") + " against "
                    + range(fewestClean, mostClean) + " clean pairs that name "
                    + (targets == 1 ? "the target" : "it");
        }

        private static String range(int low, int high) {
            return Numbers.count(low) + (low == high ? "" : "–" + Numbers.count(high));
        }
    }

    /**
     * A method under an attack, over the seeds that are finished.
     *
     * @param seeds those finished
     * @param seedsPlanned how many there will be
     * @param success attacked pictures called by the attacker's class; null where no seed is finished
     * @param withoutTrigger success of the attack without its trigger
     * @param measures what the model is worth, by name
     * @param firstSet the first safe sets of all seeds together
     * @param lastSet the last ones
     * @param remark what is to be kept in mind, "" for nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Row(
            String attack,
            String method,
            List<Long> seeds,
            int seedsPlanned,
            @Nullable Spread success,
            @JsonProperty("unmarked") @Nullable Spread withoutTrigger,
            Map<String, Spread> measures,
            @Nullable SafeSets firstSet,
            @Nullable SafeSets lastSet,
            String remark) {}

    /**
     * Safe sets of several seeds together.
     *
     * @param poisonsInside poisons in them
     * @param poisons poisons there are
     * @param size pairs in them
     * @param pairs pairs there are
     */
    public record SafeSets(int poisonsInside, int poisons, int size, int pairs) {}

    /**
     * What an epoch of a phase costs, mean over all finished cells.
     *
     * @param seconds on the clock
     * @param cpuSeconds on all cores
     * @param scoring of the seconds on all cores, embedding all pairs to score them
     * @param mixture of the seconds on all cores, fitting the mixture
     */
    public record Cost(
            String method,
            String phase,
            int epochs,
            double seconds,
            double cpuSeconds,
            double scoring,
            double mixture) {}

    /** The table of what is finished. */
    public static Comparison of(String grid, List<Planned> planned, List<Finished> finished) {
        Map<String, Map<String, List<Planned>>> places = new LinkedHashMap<>();
        // what nobody defends comes first
        planned.stream().filter(Planned::undefended).forEach(cell -> place(places, cell));
        planned.stream().filter(cell -> !cell.undefended()).forEach(cell -> place(places, cell));
        List<Row> rows = new ArrayList<>();
        for (String attack : planned.stream().map(Planned::attack).distinct().toList()) {
            Map<String, List<Planned>> methods = places.getOrDefault(attack, Map.of());
            Optional<Spread> undefended = undefended(attack, finished);
            methods.forEach((method, cells) -> {
                List<Finished> done = finished.stream()
                        .filter(cell -> cells.contains(cell.cell()))
                        .toList();
                rows.add(row(cells, done, undefended));
            });
        }
        return new Comparison(grid, planned.size(), finished.size(), doses(finished), rows, costs(finished));
    }

    /** Every method of an attack and seed was trained on the same poisons: they count once. */
    private static List<Dose> doses(List<Finished> finished) {
        Map<String, Map<Long, List<Result.Target>>> bySeed = new LinkedHashMap<>();
        for (Finished cell : finished) {
            bySeed.computeIfAbsent(cell.cell().attack(), _ -> new TreeMap<>())
                    .putIfAbsent(cell.cell().seed(), cell.result().targets());
        }
        List<Dose> doses = new ArrayList<>();
        bySeed.forEach((attack, seeds) -> seeds.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Result.Target::attack, LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(targets -> doses.add(Dose.of(attack, targets))));
        return doses;
    }

    private static void place(Map<String, Map<String, List<Planned>>> places, Planned cell) {
        places.computeIfAbsent(cell.attack(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(cell.method(), _ -> new ArrayList<>())
                .add(cell);
    }

    private static Optional<Spread> undefended(String attack, List<Finished> finished) {
        List<Interval> rates = finished.stream()
                .filter(cell -> cell.cell().undefended() && cell.cell().attack().equals(attack))
                .map(cell -> cell.run().attackSuccess())
                .toList();
        return rates.isEmpty() ? Optional.empty() : Optional.of(Spread.of(rates));
    }

    private static Row row(List<Planned> planned, List<Finished> done, Optional<Spread> undefended) {
        Planned first = planned.getFirst();
        Map<String, Spread> measures = new LinkedHashMap<>();
        if (!done.isEmpty()) {
            for (String name : done.getFirst().run().measures().keySet()) {
                Spread spread = spread(done, cell -> cell.run().measures().get(name));
                if (spread != null) {
                    measures.put(name, spread);
                }
            }
        }
        return new Row(
                first.attack(),
                first.method(),
                done.stream().map(cell -> cell.cell().seed()).toList(),
                planned.size(),
                spread(done, cell -> cell.run().attackSuccess()),
                spread(done, cell -> cell.run().withoutTrigger()),
                measures,
                safeSets(done, List::getFirst),
                safeSets(done, List::getLast),
                remark(first, planned.size(), done.size(), undefended));
    }

    private static String remark(Planned row, int planned, int done, Optional<Spread> undefended) {
        List<String> remarks = new ArrayList<>();
        if (done < planned) {
            remarks.add(done + " of " + planned + " seeds finished");
        }
        if (undefended.isEmpty()) {
            remarks.add("undefended success not known" + (row.undefended() ? "" : " yet: no credit"));
        } else if (undefended.get().mean() < TAKES) {
            remarks.add("attack does not take" + (row.undefended() ? "" : ": no credit"));
        }
        return String.join("; ", remarks);
    }

    /** Null where no seed has that number. */
    private static @Nullable Spread spread(List<Finished> done, Function<Finished, @Nullable Interval> rate) {
        List<Interval> rates = new ArrayList<>();
        for (Finished cell : done) {
            Interval of = rate.apply(cell);
            if (of != null) {
                rates.add(of);
            }
        }
        return rates.isEmpty() ? null : Spread.of(rates);
    }

    private static @Nullable SafeSets safeSets(
            List<Finished> done, Function<List<Result.SafeSet>, Result.SafeSet> which) {
        SafeSets sum = new SafeSets(0, 0, 0, 0);
        for (Finished cell : done) {
            if (cell.run().safeSet().isEmpty()) {
                return null;
            }
            Result.SafeSet set = which.apply(cell.run().safeSet());
            sum = new SafeSets(
                    sum.poisonsInside() + set.poisons(),
                    sum.poisons() + cell.result().poisons(),
                    sum.size() + set.size(),
                    sum.pairs() + cell.result().pairs());
        }
        return done.isEmpty() ? null : sum;
    }

    private static List<Cost> costs(List<Finished> finished) {
        Map<String, Cost> sums = new LinkedHashMap<>();
        for (Finished cell : finished) {
            for (Result.Cost cost : cell.run().costs()) {
                String method = cell.cell().method();
                Cost one = new Cost(
                        method,
                        cost.phase(),
                        cost.epochs(),
                        cost.seconds(),
                        cost.cpuSeconds(),
                        cost.scoringCpuSeconds(),
                        cost.mixtureCpuSeconds());
                sums.merge(method + "\n" + cost.phase(), one, Comparison::sum);
            }
        }
        return sums.values().stream().map(Comparison::mean).toList();
    }

    private static Cost sum(Cost a, Cost b) {
        return new Cost(
                a.method(),
                a.phase(),
                a.epochs() + b.epochs(),
                a.seconds() + b.seconds(),
                a.cpuSeconds() + b.cpuSeconds(),
                a.scoring() + b.scoring(),
                a.mixture() + b.mixture());
    }

    private static Cost mean(Cost sum) {
        int n = sum.epochs();
        return new Cost(
                sum.method(),
                sum.phase(),
                n,
                sum.seconds() / n,
                sum.cpuSeconds() / n,
                sum.scoring() / n,
                sum.mixture() / n);
    }

    /** Whether every training of the grid is in it. */
    public boolean complete() {
        return finished == cells;
    }

    /**
     * Writes the table as {@code GRID.json}, {@code GRID.md} and {@code GRID.txt}, each a whole file or the old one.
     *
     * @return the one in Markdown
     */
    public Path write(Path folder) throws IOException {
        AtomicFile.write(folder.resolve(grid + ".json"), Json.EXACT.writeValueAsString(this) + "\n");
        AtomicFile.write(folder.resolve(grid + ".txt"), ComparisonTable.text(this));
        Path markdown = folder.resolve(grid + ".md");
        AtomicFile.write(markdown, ComparisonTable.markdown(this));
        return markdown;
    }
}
