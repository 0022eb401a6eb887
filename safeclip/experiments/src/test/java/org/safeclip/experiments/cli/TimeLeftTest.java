package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.run.MethodCatalogue;

class TimeLeftTest {
    private long now;

    /** Two runs of known speed, the first steps four times as slow; after one epoch the estimate holds to the end. */
    @Test
    void theFirstEpochTellsTheTimeOfTheWholeCommand() {
        List<Workload> runs = List.of(
                new Workload(List.of(Map.of(Workload.CROSS_MODAL, 200.0), Map.of(Workload.CROSS_MODAL, 200.0))),
                new Workload(List.of(Map.of(Workload.IN_MODAL, 200.0), mixed())));
        TimeLeft time = new TimeLeft(runs, () -> now);

        assertThat(time.seconds()).isEmpty();
        time.runStarted(0);
        time.epochStarted(1);
        for (int step = 1; step <= 200; step++) {
            now += step < 40 ? 400_000_000L : 100_000_000L;
            time.stepped(Workload.CROSS_MODAL, step, 200);
        }
        // 20 s of this run; then in-modal steps, which usually cost 1.9 of these, and a split
        assertThat(time.seconds().orElseThrow()).isCloseTo(20 + 38 + 6 + 19 + 10, within(3.0));

        time.epochStarted(2);
        for (int step = 1; step <= 100; step++) {
            now += 100_000_000L;
            time.stepped(Workload.CROSS_MODAL, step, 200);
        }
        assertThat(time.seconds().orElseThrow()).isCloseTo(10 + 38 + 6 + 19 + 10, within(3.0));
        time.runEnded();
        time.runStarted(1); // the second run resumes with its second epoch
        time.epochStarted(2);
        now += 3_000_000_000L;
        time.done(Workload.SCORING);
        assertThat(time.seconds().orElseThrow()).isCloseTo(19 + 10, within(3.0));
        time.runEnded();
        assertThat(time.seconds().orElseThrow()).isZero();
    }

    /** In a small set the first step, which loads the program, is long forgotten when a speed is first told. */
    @Test
    void aVerySlowFirstStepIsForgotten() {
        TimeLeft time = new TimeLeft(List.of(new Workload(List.of(Map.of(Workload.CROSS_MODAL, 40.0)))), () -> now);
        time.runStarted(0);
        time.epochStarted(1);
        for (int step = 1; step <= 20; step++) {
            now += step == 1 ? 20_000_000_000L : 100_000_000L;
            time.stepped(Workload.CROSS_MODAL, step, 40);
        }
        assertThat(time.seconds().orElseThrow()).isCloseTo(2, within(.1));
    }

    private static Map<String, Double> mixed() {
        Map<String, Double> work = new LinkedHashMap<>();
        work.put(Workload.SCORING, 20.0);
        work.put(Workload.IN_MODAL, 100.0);
        work.put(Workload.CROSS_MODAL, 100.0);
        return work;
    }

    @Test
    void theWorkOfEveryMethodIsKnown() {
        var experiment = TestExperiments.of(TestExperiments.config(), 80); // batches of 8
        Workload safe = Workload.of(experiment, MethodCatalogue.STANDARD.named("safeclip"));
        assertThat(safe.epochs()).hasSize(6);
        assertThat(safe.epochs().get(0)).containsExactly(Map.entry(Workload.IN_MODAL, 10.0));
        assertThat(safe.epochs().get(1)).containsKeys(Workload.IN_MODAL, Workload.EVALUATION);
        assertThat(safe.epochs().get(2)).containsExactly(Map.entry(Workload.CROSS_MODAL, 10.0));
        assertThat(safe.epochs().get(5))
                .containsOnlyKeys(Workload.SCORING, Workload.IN_MODAL, Workload.CROSS_MODAL, Workload.LAST_EVALUATION);
        assertThat(Workload.of(experiment, MethodCatalogue.STANDARD.named("clip"))
                        .epochs())
                .hasSize(3);
        assertThat(Workload.of(experiment, MethodCatalogue.STANDARD.named("cleanclip"))
                        .epochs())
                .hasSize(6)
                .last()
                .satisfies(epoch -> assertThat(epoch).containsEntry("clean", 2.0));
        var limited = TestExperiments.of(TestExperiments.config("training.maxSteps=15"), 80);
        assertThat(Workload.of(limited, MethodCatalogue.STANDARD.named("roclip"))
                        .epochs())
                .hasSize(2)
                .last()
                .satisfies(epoch -> assertThat(epoch).containsEntry("pool", 5.0));
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, 0 s",
        "45.2, 45 s",
        "61, 1 min",
        "118, 2 min",
        "203, 3 min 20 s",
        "599.6, 10 min",
        "840, 14 min",
        "3600, 1 h",
        "7810, 2 h 10 min"
    })
    void durationsAreAsExactAsAnEstimateDeserves(double seconds, String text) {
        assertThat(Durations.about(seconds)).isEqualTo(text);
    }
}
