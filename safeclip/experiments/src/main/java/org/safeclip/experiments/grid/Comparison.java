package org.safeclip.experiments.grid;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.AttackMargin;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.run.AtomicFile;
import org.safeclip.experiments.run.Json;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Result;

/**
 * The results of the finished runs of a grid: for every attack its success without a defence, then each method. Its JSON form is
 * the grid's json file.
 *
 * @param grid name of the grid and of its files
 * @param cells planned runs
 * @param finished finished runs
 * @param doses number of poisons of each attack
 * @param rows one row for each attack and method, undefended CLIP first
 * @param costs compute cost of the phases of each method
 */
public record Comparison(String grid, int cells, int finished, List<Dose> doses, List<Row> rows, List<Cost> costs) {
    /** Below this success against undefended CLIP, an attack says nothing about a defence. */
    static final double WORKING_ATTACK = 0.5;

    /** Budgets that differ by more than this share are not equal. */
    static final double EQUAL_BUDGET = 0.05;

    /**
     * A planned run of the grid.
     *
     * @param attack name of the attack
     * @param method name of the row
     * @param undefended whether it is plain CLIP with no settings changed
     * @param trained name of the method that the row trains
     * @param planted whether the poisons are among the training pairs; without them, success is the natural floor
     */
    public record Planned(
            String attack, String method, long seed, boolean undefended, String trained, boolean planted) {
        /** A run with the poisons, of a row that is named like its method. */
        public Planned(String attack, String method, long seed, boolean undefended) {
            this(attack, method, seed, undefended, method, true);
        }
    }

    /** A finished run. */
    public record Finished(Planned cell, Result result, Result.Run run) {}

    /**
     * The number of poisons of an attack, over the seeds and targets of the finished runs; one record for each attack of a
     * combination.
     *
     * @param attack label of the attack or combination
     * @param part name of the single attack
     * @param targets number of target classes, summed over the seeds
     * @param fewest smallest number of poisons of a target
     * @param most largest number of poisons of a target
     * @param fewestClean smallest number of clean pairs that name the target
     * @param mostClean largest number of clean pairs that name the target
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

        /** As text: "targeted: 16 poisons for each of 48 targets against 24–614 clean pairs that name it". */
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
     * A method under an attack, over the finished seeds.
     *
     * @param seeds finished seeds
     * @param seedsPlanned number of planned seeds
     * @param success attack success; null if no seed is finished
     * @param excess attack success above the natural floor, mean over the seeds; null if no floor is known
     * @param withoutTrigger share classified as the wanted class without the trigger; null if the attack has none
     * @param margin score of the attacker's class minus the best other one on attacked inputs, mean over the seeds; null if not known
     * @param measures accuracy and retrieval measures by name
     * @param steps optimiser steps of a run, mean over the seeds; null if not known
     * @param images image views of a run, mean over the seeds; null if not known
     * @param firstSet first safe sets, summed over the seeds; null if the method has none
     * @param lastSet last safe sets, summed over the seeds; null if the method has none
     * @param remark caveat for the reader, "" for none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Row(
            String attack,
            String method,
            List<Long> seeds,
            int seedsPlanned,
            @Nullable SeedStatistics success,
            @Nullable Double excess,
            @JsonProperty("unmarked") @Nullable SeedStatistics withoutTrigger,
            @Nullable Double margin,
            Map<String, SeedStatistics> measures,
            @Nullable Double steps,
            @Nullable Double images,
            @Nullable SafeSets firstSet,
            @Nullable SafeSets lastSet,
            String remark) {}

    /**
     * Safe sets, summed over several seeds.
     *
     * @param poisonsInside poisons in the safe sets
     * @param poisons all poisons
     * @param size pairs in the safe sets
     * @param pairs all pairs
     */
    public record SafeSets(int poisonsInside, int poisons, int size, int pairs) {}

    /**
     * Mean compute cost of an epoch of a phase, over all finished runs.
     *
     * @param seconds wall-clock time
     * @param cpuSeconds CPU time over all cores, in seconds
     * @param scoring CPU seconds to embed and score all pairs
     * @param mixture CPU seconds to fit the mixture
     */
    public record Cost(
            String method,
            String phase,
            int epochs,
            double seconds,
            double cpuSeconds,
            double scoring,
            double mixture) {}

    /** The comparison of the finished runs. */
    public static Comparison of(String grid, List<Planned> planned, List<Finished> finished) {
        Map<String, Map<String, List<Planned>>> places = new LinkedHashMap<>();
        // undefended CLIP comes first
        planned.stream().filter(Planned::undefended).forEach(cell -> place(places, cell));
        planned.stream().filter(cell -> !cell.undefended()).forEach(cell -> place(places, cell));
        List<Row> rows = new ArrayList<>();
        for (String attack : planned.stream().map(Planned::attack).distinct().toList()) {
            Map<String, List<Planned>> methods = places.getOrDefault(attack, Map.of());
            Optional<SeedStatistics> undefended = undefended(attack, finished);
            Double reference = budget(
                    finished.stream()
                            .filter(run -> run.cell().undefended()
                                    && run.cell().attack().equals(attack))
                            .toList(),
                    Result.Budget::images);
            methods.forEach((method, cells) -> {
                List<Finished> done = finished.stream()
                        .filter(cell -> cells.contains(cell.cell()))
                        .toList();
                rows.add(row(cells, done, undefended, excess(done, finished), reference));
            });
        }
        return new Comparison(grid, planned.size(), finished.size(), doses(finished), rows, costs(finished));
    }

    /** All methods of an attack and seed share their poisons, which count once. */
    private static List<Dose> doses(List<Finished> finished) {
        Map<String, Map<Long, List<Result.Target>>> bySeed = new LinkedHashMap<>();
        for (Finished cell : finished) {
            if (!cell.cell().planted()) {
                continue;
            }
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

    private static Optional<SeedStatistics> undefended(String attack, List<Finished> finished) {
        List<Interval> rates = finished.stream()
                .filter(cell -> cell.cell().undefended() && cell.cell().attack().equals(attack))
                .map(cell -> cell.run().attackSuccess())
                .toList();
        return rates.isEmpty() ? Optional.empty() : Optional.of(SeedStatistics.of(rates));
    }

    /**
     * The mean, over the seeds, of the success above that of the same method, or else of CLIP, trained without the poisons and asked
     * the same; null where no seed has such a run.
     */
    private static @Nullable Double excess(List<Finished> done, List<Finished> finished) {
        OptionalDouble mean = done.stream()
                .filter(run -> run.cell().planted())
                .flatMap(run ->
                        floor(run.cell(), finished)
                                .map(floor -> run.run().attackSuccess().rate() - floor)
                                .stream())
                .mapToDouble(Double::doubleValue)
                .average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    private static Optional<Double> floor(Planned run, List<Finished> finished) {
        return Stream.of(run.trained(), MethodCatalogue.CLIP)
                .flatMap(method -> finished.stream()
                        .filter(other -> !other.cell().planted()
                                && other.cell().trained().equals(method)
                                && other.cell().attack().equals(run.attack())
                                && other.cell().seed() == run.seed()))
                .map(other -> other.run().attackSuccess().rate())
                .findFirst();
    }

    private static Row row(
            List<Planned> planned,
            List<Finished> done,
            Optional<SeedStatistics> undefended,
            @Nullable Double excess,
            @Nullable Double reference) {
        Planned first = planned.getFirst();
        Map<String, SeedStatistics> measures = new LinkedHashMap<>();
        if (!done.isEmpty()) {
            for (String name : done.getFirst().run().measures().keySet()) {
                SeedStatistics spread =
                        spread(done, cell -> cell.run().measures().get(name));
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
                excess,
                spread(done, cell -> cell.run().withoutTrigger()),
                margin(done),
                measures,
                budget(done, Result.Budget::steps),
                budget(done, Result.Budget::images),
                safeSets(done, List::getFirst),
                safeSets(done, List::getLast),
                remark(first, planned.size(), done.size(), undefended)
                        + budgetRemark(budget(done, Result.Budget::images), reference));
    }

    private static @Nullable Double margin(List<Finished> done) {
        OptionalDouble mean = done.stream()
                .flatMap(run -> Optional.ofNullable(run.run().scores().margin()).stream())
                .mapToDouble(AttackMargin::mean)
                .average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    /** The mean of a number over the runs whose budget is known, null if none is. */
    private static @Nullable Double budget(List<Finished> done, ToLongFunction<Result.Budget> number) {
        OptionalDouble mean = done.stream()
                .flatMap(run -> Optional.ofNullable(run.run().budget()).stream())
                .mapToLong(number)
                .average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    /** Says where a row was trained on more or fewer images than undefended CLIP, so that its utility is not compared blindly. */
    private static String budgetRemark(@Nullable Double images, @Nullable Double reference) {
        if (images == null || reference == null || Math.abs(images - reference) <= EQUAL_BUDGET * reference) {
            return "";
        }
        return String.format(
                Locale.ROOT, "; %+.0f %% image views: utility is not comparable", 100 * (images / reference - 1));
    }

    private static String remark(Planned row, int planned, int done, Optional<SeedStatistics> undefended) {
        List<String> remarks = new ArrayList<>();
        if (done < planned) {
            remarks.add(done + " of " + planned + " seeds finished");
        }
        if (!row.planted()) {
            remarks.add("natural floor: no poison in training");
        } else if (undefended.isEmpty()) {
            remarks.add("undefended success not known" + (row.undefended() ? "" : " yet: no credit"));
        } else if (undefended.get().mean() < WORKING_ATTACK) {
            remarks.add("attack fails" + (row.undefended() ? "" : ": no credit"));
        }
        return String.join("; ", remarks);
    }

    /** Statistics of a rate over the seeds, null if no seed has it. */
    private static @Nullable SeedStatistics spread(List<Finished> done, Function<Finished, @Nullable Interval> rate) {
        List<Interval> rates = new ArrayList<>();
        for (Finished cell : done) {
            Interval of = rate.apply(cell);
            if (of != null) {
                rates.add(of);
            }
        }
        return rates.isEmpty() ? null : SeedStatistics.of(rates);
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

    /** Whether every run of the grid is finished. */
    public boolean complete() {
        return finished == cells;
    }

    /**
     * Writes the table as {@code GRID.json}, {@code GRID.md} and {@code GRID.txt}, and the page {@code GRID.html}, each replaced
     * atomically.
     *
     * @return the Markdown file
     */
    public Path write(Path folder) throws IOException {
        AtomicFile.write(folder.resolve(grid + ".json"), Json.EXACT.writeValueAsString(this) + "\n");
        AtomicFile.write(folder.resolve(grid + ".txt"), ComparisonTable.text(this));
        AtomicFile.write(folder.resolve(grid + ".html"), ComparisonReport.page(this));
        Path markdown = folder.resolve(grid + ".md");
        AtomicFile.write(markdown, ComparisonTable.markdown(this));
        return markdown;
    }
}
