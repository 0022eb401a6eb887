package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.safeclip.experiments.eval.AttackMargin;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Recall;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.SafeContent;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.SplitDiagnostics;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.EpochEvent;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.SplitEvent;
import org.safeclip.experiments.run.StepEvent;
import org.safeclip.selection.ComputeTime;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/** Small results and events for the tests. */
public final class Samples {
    private Samples() {}

    public static Result result(int clipHits, int safeHits) {
        return new Result(
                7,
                "simd",
                "targeted",
                1000,
                40,
                List.of(new Result.Target("targeted", "fruit", 40, 300)),
                List.of(
                        new Result.Run("clip", scores(31, clipHits), List.of(), 14, 120.5, List.of(), null, Map.of()),
                        new Result.Run(
                                "safeclip",
                                scores(30, safeHits),
                                List.of(new Result.SafeSet(3, 100, 0), new Result.SafeSet(4, 110, 2)),
                                4,
                                300,
                                List.of(new Result.Cost("mixed", 2, 100, 150, 20, 1)),
                                interval(1, 16),
                                Map.of())));
    }

    /** A result with the given numbers of correct concepts, top-1 and top-5, for SafeCLIP; CLIP has 31 and 51 of 100. */
    public static Result paid(int first, int firstFive) {
        Result all = result(16, 0);
        Scores old = all.runs().getLast().scores();
        TopK concepts = new TopK(
                interval(first, 100),
                old.fine().top3(),
                interval(firstFive, 100),
                old.fine().top10());
        Scores scores = new Scores(
                concepts, old.coarse(), old.linearProbe(), old.retrieval(), old.attack(), old.truth(), old.margin());
        Result.Run safe = new Result.Run("safeclip", scores, List.of(), 4, 300, List.of(), null, Map.of());
        return new Result(
                all.seed(),
                all.backend(),
                all.attack(),
                all.pairs(),
                all.poisons(),
                all.targets(),
                List.of(all.runs().getFirst(), safe));
    }

    public static Result.Run run(String method, Interval success) {
        Scores all = scores(31, 0);
        TopK attack = new TopK(success, success, success, success);
        Scores attacked = new Scores(
                all.fine(), all.coarse(), all.linearProbe(), all.retrieval(), attack, all.truth(), all.margin());
        return new Result.Run(method, attacked, List.of(), 14, 120.5, List.of(), null, Map.of());
    }

    /** Events of both methods; SafeCLIP has a warm-up epoch, a slow one and two mixed ones. */
    public static List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (int step = 1; step <= 400; step++) {
            events.add(new StepEvent("clip", 1, "cross-modal", step, 128, 4 - step / 200.0, 1e-3, 14.3));
        }
        events.add(new EpochEvent("clip", 1, "train", new ComputeTime(3, 5), 0));
        events.add(new EvaluationEvent("clip", 1, scores(31, 15)));
        String[] phases = {"warm-up", "slow", "mixed", "mixed"};
        for (int epoch = 1; epoch <= phases.length; epoch++) {
            if (epoch > 2) {
                events.add(split(epoch, true));
            }
            for (int step = 1; step <= 10; step++) {
                String pass = epoch == 1 ? "in-modal" : "cross-modal";
                events.add(new StepEvent("safeclip", epoch, pass, 10L * epoch + step, 128, 4.0 / step, 1e-3, 14.3));
            }
            events.add(new EpochEvent("safeclip", epoch, phases[epoch - 1], new ComputeTime(3, 5), 0));
            events.add(new EvaluationEvent("safeclip", epoch, scores(10, 1)));
        }
        return events;
    }

    public static SplitEvent split(int epoch, boolean masked) {
        SplittableRandom random = new SplittableRandom(1);
        float[] similarity = new float[1000];
        BitSet poison = new BitSet();
        for (int i = 0; i < similarity.length; i++) {
            poison.set(i, i % 25 == 0);
            similarity[i] = (float) (random.nextGaussian(i % 25 == 0 ? 0 : i % 2 * 0.2, 0.05));
        }
        PairScores scores = PairScores.of(similarity);
        SafeSplit split = SafeSplit.first(scores, 0.9);
        SplitDiagnostics known = SplitDiagnostics.of(scores, split, masked ? poison : new BitSet(), null);
        int[] first = poison.stream().filter(row -> row < 500).toArray();
        int[] second = poison.stream().filter(row -> row >= 500).toArray();
        List<SplitEvent.TargetRows> targets =
                List.of(new SplitEvent.TargetRows("vehicle", first), new SplitEvent.TargetRows("food", second));
        int[] ones = new int[similarity.length];
        Arrays.fill(ones, 1);
        SafeContent.Pairs pairs = new SafeContent.Pairs(ones, 1, ones, new int[similarity.length], 2);
        return SplitEvent.of(
                "safeclip", epoch, scores, split, known, masked, targets, new int[0], SafeContent.of(split, pairs));
    }

    /** A report with everything: a result in which the defence held, events, and one of each picture and chart. */
    static ReportData report() {
        byte[] picture = new byte[32 * 32 * 3];
        Map<String, AttackedImage.Answer> answers = new LinkedHashMap<>();
        answers.put("clip", new AttackedImage.Answer("vehicle", AttackedImage.Kind.FOOLED));
        answers.put("safeclip", new AttackedImage.Answer("fruit", AttackedImage.Kind.RIGHT));
        ReportData.Trusted pair = new ReportData.Trusted(picture, "a pear", 0.3, 0.9, true, false);
        double[][] points = {{0, 0}, {1, 1}};
        return new ReportData(
                new ReportData.Subject("targeted", 7, "embedded images", 1000, 40, true, List.of()),
                result(15, 1),
                events(),
                List.of(new AttackedImage(picture, "pear", "vehicle", List.of("a red bus", "a tram"), answers)),
                List.of(new ReportData.PoisonedPair(picture, "a red bus", "vehicle")),
                List.of(new ReportData.TrustedPairs("safeclip", 4, List.of(pair), List.of(pair))),
                List.of(new ReportData.EmbeddingMap("CLIP", "vehicle", points, points, points)),
                List.of(
                        new ReportData.Choices("clip", new double[] {0.1}, new double[] {0.2}, new boolean[] {true}),
                        new ReportData.Choices(
                                "safeclip", new double[] {0.2}, new double[] {0.1}, new boolean[] {false})),
                "seed = 7",
                "The short version.");
    }

    /** A report of these events only. */
    static ReportData report(List<Event> events) {
        return new ReportData(
                new ReportData.Subject("targeted", 7, "embedded images", 1000, 40, true, List.of()),
                null,
                events,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                "");
    }

    static ReportData empty() {
        return report(List.of());
    }

    /** A report in which all text from outside is the given one. */
    static ReportData hostile(String text) {
        byte[] picture = new byte[32 * 32 * 3];
        ReportData.Trusted pair = new ReportData.Trusted(picture, text, 0.3, 0.9, true, true);
        AttackedImage.Answer answer = new AttackedImage.Answer(text, AttackedImage.Kind.WRONG);
        return new ReportData(
                new ReportData.Subject(text, 7, text, 1000, 40, true, List.of(text)),
                null,
                List.of(),
                List.of(new AttackedImage(picture, text, text, List.of(text), Map.of("clip", answer))),
                List.of(new ReportData.PoisonedPair(picture, text, text)),
                List.of(new ReportData.TrustedPairs(text, 4, List.of(pair), List.of(pair))),
                List.of(new ReportData.EmbeddingMap(
                        text, text, new double[][] {{0, 0}}, new double[0][], new double[0][])),
                List.of(new ReportData.Choices(text, new double[] {0.1}, new double[] {0.2}, new boolean[] {true})),
                text,
                text);
    }

    /** Scores with the given numbers of correct concepts of 100 and successful attacks of 16. */
    public static Scores scores(int concepts, int attacked) {
        Recall recall = new Recall(interval(5, 50), interval(12, 50), interval(20, 50));
        return new Scores(
                new TopK(
                        interval(concepts, 100),
                        interval(concepts + 9, 100),
                        interval(concepts + 20, 100),
                        interval(concepts + 33, 100)),
                new TopK(interval(11, 25), interval(15, 25), interval(18, 25), interval(24, 25)),
                interval(14, 25),
                new Retrieval(recall, recall),
                new TopK(interval(attacked, 16), interval(16, 16), interval(16, 16), interval(16, 16)),
                interval(16 - attacked, 16),
                new AttackMargin(attacked / 16.0 - 0.5, List.of()));
    }

    private static Interval interval(int hits, int trials) {
        return Interval.clopperPearson(hits, trials, Interval.LEVEL);
    }
}
