package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.SplitDiagnostics;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.report.Samples;
import org.safeclip.selection.ComputeTime;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

class MetricsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("metrics.jsonl");
    }

    @Test
    void eventsAreOneLineWithSixDigitsAndNoNaN() throws IOException {
        Interval third = new Interval(1, 3, 1.0 / 3, 0.25, 0.5);
        TopK all = new TopK(third, third, third, third);
        EvaluationEvent partial = new EvaluationEvent("clip", 2, new Scores(all, all, null, null, null, null, null));
        try (Metrics metrics = Metrics.open(file, 0)) {
            metrics.add(new StepEvent("clip", 2, "cross-modal", 64, 128, 1.23456789, 1e-3, Double.NaN));
            metrics.add(new EpochEvent("safeclip", 2, "warm-up", new ComputeTime(12345678.9, 3), 0));
            metrics.add(partial);

            assertThat(metrics.bytes()).isEqualTo(Files.size(file));
        }

        String interval = "{\"hits\":1,\"trials\":3,\"rate\":0.333333,\"low\":0.25,\"high\":0.5}";
        String topK = "{\"top1\":" + interval + ",\"top3\":" + interval + ",\"top5\":" + interval + ",\"top10\":"
                + interval + "}";
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"event\":\"step\",\"method\":\"clip\",\"epoch\":2,\"pass\":\"cross-modal\",\"step\":64,"
                                + "\"images\":128,\"loss\":1.23457,\"rate\":0.001,\"scale\":null}",
                        "{\"event\":\"epoch\",\"method\":\"safeclip\",\"epoch\":2,\"phase\":\"warm-up\","
                                + "\"seconds\":1.23457E7,\"cpuSeconds\":3.0,\"scoringSeconds\":0.0,\"mixtureSeconds\":0.0,"
                                + "\"scoringCpuSeconds\":0.0,\"mixtureCpuSeconds\":0.0,\"exchangeSeconds\":0.0}",
                        "{\"event\":\"evaluation\",\"method\":\"clip\",\"epoch\":2,\"scores\":{\"concepts\":"
                                + topK + ",\"kinds\":" + topK + ",\"linearProbe\":null,\"retrieval\":null,"
                                + "\"attack\":null,\"truth\":null,\"margin\":null}}");
        assertThat(Metrics.read(file))
                .startsWith(new StepEvent("clip", 2, "cross-modal", 64, 128, 1.23457, 1e-3, Double.NaN));
    }

    @Test
    void evaluationsAreReadBackToSixDigits() throws IOException {
        EvaluationEvent whole = new EvaluationEvent("safeclip", 9, Samples.scores(31, 2));
        try (Metrics metrics = Metrics.open(file, 0)) {
            metrics.add(whole);
        }
        Scores read = ((EvaluationEvent) Metrics.read(file).getFirst()).scores();
        assertThat(read)
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> Math.abs(a - b) <= 1e-6, Double.class)
                .isEqualTo(whole.scores());
    }

    @Test
    void splitsContainPoisonsOnlyWithAMask() throws IOException {
        try (Metrics metrics = Metrics.open(file, 0)) {
            metrics.add(Samples.split(3, true));
            metrics.add(Samples.split(4, false));
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines.getFirst())
                .contains(
                        "\"event\":\"split\"",
                        "\"inSafe\":",
                        "\"similarityRoc\":",
                        "\"poison\":[",
                        "\"target\":\"food\"")
                .doesNotContain("jaccard", "pairs");
        assertThat(lines.getLast()).doesNotContain("poison", "Roc", "jaccard").contains("\"classShift\":");
        SplitEvent known = (SplitEvent) Metrics.read(file).getFirst();
        SplitEvent unknown = (SplitEvent) Metrics.read(file).getLast();
        assertThat(known.pairs()).isEqualTo(1000);
        assertThat(unknown.pairs()).isEqualTo(1000);
        assertThat(unknown.poisons()).isNull();
        SplitEvent.Poisoning truth = Objects.requireNonNull(known.poisoning());
        assertThat(truth.poisons()).isEqualTo(40);
        assertThat(truth.groups()).extracting(SplitEvent.Group::target).containsExactly("vehicle", "food");
        for (SplitEvent.Group group : truth.groups()) {
            assertThat(Arrays.stream(group.counts()).sum()).isEqualTo(20);
        }
        int[] poison = Objects.requireNonNull(known.histogram().poison());
        for (int bin = 0; bin < poison.length; bin++) {
            int each = bin;
            assertThat(truth.groups().stream()
                            .mapToInt(group -> group.counts()[each])
                            .sum())
                    .isEqualTo(poison[bin]);
        }
        assertThat(known.safeSimilarity()).isGreaterThan(known.meanSimilarity());
        assertThat(known.lowestPosterior()).isLessThan(known.highestPosterior());
        assertThat(known.means()).isEqualTo(unknown.means()).hasSize(2);
        assertThat(known.cut()).isBetween(known.means()[0], known.means()[1]);
        assertThat(known.safeBySimilarity()).isTrue();
        assertThat(Arrays.stream(Objects.requireNonNull(known.histogram().safeClean()))
                                .sum()
                        + Arrays.stream(Objects.requireNonNull(known.histogram().safePoison()))
                                .sum())
                .isEqualTo(known.size());
    }

    /** As in the extension, where other things than similarity decide. */
    @Test
    void safePairsAmongRiskyOnesOfTheSameSimilarityAreToldApart() {
        float[] similarity = new float[100];
        double[] order = new double[similarity.length];
        for (int pair = 0; pair < similarity.length; pair++) {
            similarity[pair] = pair / 100f;
            order[pair] = pair % 2;
        }
        PairScores scores = PairScores.of(similarity);
        SafeSplit split = SafeSplit.best(order, 0.5);
        SplitDiagnostics known = SplitDiagnostics.of(scores, split, new BitSet(), null);
        SplitEvent event =
                SplitEvent.of("safeclip-agreement", 3, scores, split, known, false, List.of(), new int[0], null);
        assertThat(event.safeBySimilarity()).isFalse();
        assertThat(Arrays.stream(Objects.requireNonNull(event.histogram().safeClean()))
                        .sum())
                .isEqualTo(50);
    }

    @Test
    void resumingRemovesEventsAfterTheCheckpoint() throws IOException {
        StepEvent kept = new StepEvent("clip", 1, "cross-modal", 1, 128, 4, 1e-3, 14);
        StepEvent lost = new StepEvent("clip", 1, "cross-modal", 2, 128, 3, 1e-3, 14);
        StepEvent again = new StepEvent("clip", 1, "cross-modal", 2, 128, 2, 1e-3, 14);
        long checkpoint;
        try (Metrics metrics = Metrics.open(file, 0)) {
            metrics.add(kept);
            checkpoint = metrics.bytes();
            metrics.add(lost);
        }

        try (Metrics metrics = Metrics.open(file, checkpoint)) {
            metrics.add(again);
        }

        assertThat(Metrics.read(file)).containsExactly(kept, again);
    }

    @Test
    void filesShorterThanTheCheckpointSaysAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metrics.open(file, 10))
                .withMessageContaining("has 0 bytes")
                .withMessageContaining("expects 10");
        assertThat(file).doesNotExist();
    }

    @Test
    void incompleteLastLinesAreIgnoredAndInvalidLinesNamed() throws IOException {
        EpochEvent whole = new EpochEvent("clip", 1, "train", new ComputeTime(2, 3), 0);
        try (Metrics metrics = Metrics.open(file, 0)) {
            metrics.add(whole);
        }
        Files.writeString(file, "{\"event\":\"epo", StandardOpenOption.APPEND);
        assertThat(Metrics.read(file)).containsExactly(whole);

        Files.writeString(file, "\n", StandardOpenOption.APPEND);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metrics.read(file))
                .withMessageContaining("metrics.jsonl, line 2");
    }
}
