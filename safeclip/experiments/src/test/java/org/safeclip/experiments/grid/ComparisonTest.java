package org.safeclip.experiments.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.report.Samples;
import org.safeclip.experiments.run.Result;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Hand-computed rows: means, intervals, counts, and no credit for a defence against an attack that fails. */
class ComparisonTest {
    private final List<Comparison.Planned> planned = new ArrayList<>();
    private final List<Comparison.Finished> finished = new ArrayList<>();

    @Test
    void aRowIsTheMeanOverSeedsWithSummedCounts() {
        cells("targeted", "safeclip", false, 2, 1, 0);
        cells("targeted", "clip", true, 14, 11, 13);
        Comparison comparison = Comparison.of("g", planned, finished);
        assertThat(comparison.rows()).extracting(Comparison.Row::method).containsExactly("clip", "safeclip");
        SeedStatistics clip = comparison.rows().getFirst().success();
        assertThat(clip).isNotNull();
        assertThat(clip.hits()).isEqualTo(38);
        assertThat(clip.trials()).isEqualTo(48);
        assertThat(clip.mean()).isCloseTo(38 / 48.0, within(1e-12));
        // deviation of .875, .6875, .8125 is .09547; times 4.3027 / sqrt(3)
        assertThat(clip.low()).isCloseTo(.79167 - .23716, within(1e-4));
        assertThat(clip.high()).isEqualTo(1); // a rate is at most 1
        SeedStatistics safe = comparison.rows().getLast().success();
        assertThat(safe).isNotNull();
        assertThat(safe.low()).isZero();
        assertThat(comparison.rows().getLast().remark()).isEmpty();
        assertThat(comparison.complete()).isTrue();
        String text = ComparisonTable.text(comparison);
        assertThat(text)
                .contains(
                        "6 of 6 runs finished.",
                        "79.2 % [55.5-100.0] (38 of 48)",
                        "targeted: 16 poisons for each of 6 targets against 90-302 clean pairs that name it.");
        assertThat(text.indexOf("CLIP ")).isLessThan(text.indexOf("SafeCLIP "));
    }

    /** 13 of 16 with the attack and 2 of 16 without it are 11 of 16 more. */
    @Test
    void theExcessIsOverTheSameModelTrainedWithoutTheAttack() {
        cells("badnet", "clip", true, 13, 15);
        cells("badnet", "safeclip", false, 3, 5);
        for (int seed = 0; seed < 2; seed++) {
            add(new Comparison.Planned("badnet", "CLIP, no attack", seed, false, "clip", false), 2);
        }
        List<Comparison.Row> rows = Comparison.of("g", planned, finished).rows();
        assertThat(rows).extracting(Comparison.Row::excess).containsExactly(12 / 16.0, 2 / 16.0, null);
        assertThat(rows.getLast().remark()).isEqualTo("natural floor: no poison in training");
        add(new Comparison.Planned("badnet", "SafeCLIP, no attack", 1, false, "safeclip", false), 1);
        Comparison comparison = Comparison.of("g", planned, finished);
        assertThat(comparison.rows().get(1).excess()).isEqualTo((1 + 4) / 32.0);
        assertThat(ComparisonTable.text(comparison)).contains("Excess over floor", "75.0 points", "15.6 points");
    }

    @Test
    void rowsTrainedOnMoreImagesSaySo() {
        cells("badnet", "clip", true, 13);
        cells("badnet", "safeclip", false, 3);
        cells("badnet", "roclip", false, 3);
        long[] images = {1000, 1560, 1050};
        for (int i = 0; i < images.length; i++) {
            Comparison.Finished one = finished.get(i);
            Result.Run run = one.run();
            Result.Run known = new Result.Run(
                    run.method(),
                    run.scores(),
                    run.safeSet(),
                    run.epochs(),
                    run.seconds(),
                    run.costs(),
                    run.withoutTrigger(),
                    run.further(),
                    new Result.Budget(8, images[i]));
            finished.set(i, new Comparison.Finished(one.cell(), one.result(), known));
        }
        Comparison comparison = Comparison.of("g", planned, finished);
        assertThat(comparison.rows())
                .extracting(Comparison.Row::remark)
                .containsExactly("", "; +56 % image views: utility is not comparable", "");
        assertThat(ComparisonTable.text(comparison)).contains("Image views", "1,560");
    }

    /** 15 and 13 of 16 fooled have margins of .4375 and .3125 in the samples. */
    @Test
    void marginsAreAveragedOverTheSeeds() {
        for (int seed = 0; seed < 2; seed++) {
            Comparison.Planned cell = new Comparison.Planned("targeted", "clip", seed, true);
            Result result = Samples.result(15 - 2 * seed, 1);
            planned.add(cell);
            finished.add(new Comparison.Finished(cell, result, result.runs().getFirst()));
        }
        Comparison comparison = Comparison.of("g", planned, finished);
        assertThat(comparison.rows().getFirst().margin()).isEqualTo(0.375);
        assertThat(ComparisonTable.text(comparison)).contains("Margin", " 0.375 ");
    }

    @Test
    void zeroHitsInAllSeedsHaveAnExactInterval() {
        cells("targeted", "safeclip", false, 0, 0, 0);
        SeedStatistics none =
                Comparison.of("g", planned, finished).rows().getFirst().success();
        assertThat(none).isNotNull();
        assertThat(none.mean()).isZero();
        assertThat(none.high()).isCloseTo(1 - Math.pow(.025, 1 / 48.0), within(1e-9)); // 0 of 48
    }

    @Test
    void noDefenceIsCreditedIfTheAttackFails() {
        cells("wanet", "clip", true, 5);
        cells("wanet", "safeclip", false, 0);
        cells("sig", "safeclip", false, 0);
        List<Comparison.Row> rows = Comparison.of("g", planned, finished).rows();
        assertThat(rows.get(0).remark()).isEqualTo("attack fails");
        assertThat(rows.get(1).remark()).isEqualTo("attack fails: no credit");
        assertThat(rows.get(2).remark()).isEqualTo("undefended success not known yet: no credit");
    }

    @Test
    void thePageDrawsEveryRateOnOneScale() throws Exception {
        cells("targeted", "clip", true, 14, 11, 13);
        cells("targeted", "safeclip", false, 2, 1, 0);
        String page = ComparisonReport.page(Comparison.of("g", planned, finished));
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(page.substring(page.indexOf('\n')))));
        assertThat(document.getElementsByTagName("figure").getLength()).isEqualTo(2);
        assertThat(page)
                .contains(
                        "<p class=\"rate\">79\u00a0% → 6\u00a0%</p>",
                        "left:79.17%", "6 of 6 runs finished.", "Concepts top-1");
    }

    @Test
    void incompleteGridsAreMarked() {
        cells("targeted", "clip", true, 14);
        planned.add(new Comparison.Planned("targeted", "clip", 7, true));
        planned.add(new Comparison.Planned("targeted", "roclip", 7, false));
        Comparison comparison = Comparison.of("g", planned, finished);
        assertThat(comparison.complete()).isFalse();
        assertThat(comparison.rows().getFirst().remark()).isEqualTo("1 of 2 seeds finished");
        assertThat(comparison.rows().getLast().success()).isNull();
        assertThat(ComparisonTable.markdown(comparison)).contains("1 of 3 runs finished. The grid is NOT complete.");
    }

    private void cells(String attack, String method, boolean undefended, int... hits) {
        for (int seed = 0; seed < hits.length; seed++) {
            add(new Comparison.Planned(attack, method, seed, undefended), hits[seed]);
        }
    }

    private void add(Comparison.Planned cell, int hits) {
        planned.add(cell);
        Interval success = Interval.clopperPearson(hits, 16, 0.95);
        Result.Run run = Samples.run(cell.method(), success);
        List<Result.Target> targets = List.of(
                new Result.Target(cell.attack(), "fruit", 16, 300 + (int) cell.seed()),
                new Result.Target(cell.attack(), "bird", 16, 90));
        finished.add(new Comparison.Finished(
                cell, new Result(cell.seed(), "simd", cell.attack(), 1000, 40, targets, List.of(run)), run));
    }
}
