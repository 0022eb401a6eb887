package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.report.LineChart.Mark;
import org.safeclip.experiments.report.LineChart.Point;
import org.safeclip.experiments.report.LineChart.Series;
import org.safeclip.experiments.run.EpochEvent;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.StepEvent;

/** The sections on training: accuracy and attack success over epochs; losses, learning rates and scale over steps. */
final class TrainingSection {
    /** Most points of a line; a screen cannot show every step. */
    private static final int POINTS = 150;

    /** Passes may alternate step by step; more steps of others in between interrupt the line. */
    private static final int INTERLEAVED = 10;

    private TrainingSection() {}

    static List<Section> of(List<MethodEvents> methods) {
        List<Section> sections = new ArrayList<>();
        if (methods.stream().anyMatch(method -> method.evaluations().size() > 1)) {
            List<Html> charts = new ArrayList<>();
            addOverEpochs(
                    charts,
                    "Attack success (%)",
                    methods,
                    e -> percent(e.scores().attack()));
            addOverEpochs(
                    charts,
                    "Concepts, top-1 (%)",
                    methods,
                    e -> percent(e.scores().fine()));
            addOverEpochs(
                    charts, "Kinds, top-1 (%)", methods, e -> percent(e.scores().coarse()));
            sections.add(new Section(
                    "During training",
                    "What the models could do after each epoch, on images they were not trained on: attack success should"
                            + " stay low, accuracy should rise.",
                    Html.of("div").with("class", "charts").addAll(charts)));
        }
        List<Html> steps = new ArrayList<>();
        for (MethodEvents method : methods) {
            if (method.steps().size() > 1) {
                steps.add(overSteps("Loss", method, StepEvent::loss, false));
                steps.add(overSteps("Learning rate", method, StepEvent::rate, true));
                steps.add(overSteps("Scale of the similarities", method, StepEvent::scale, false));
            }
        }
        if (!steps.isEmpty()) {
            sections.add(new Section(
                    "Losses and rates",
                    "Each point is the mean of neighbouring steps, the band their range; the in-modal loss compares views"
                            + " within one modality, the cross-modal loss images with captions, so the two have different"
                            + " levels.",
                    Html.of("div").with("class", "charts").addAll(steps)));
        }
        return sections;
    }

    private static double percent(@Nullable TopK answers) {
        return answers == null ? Double.NaN : 100 * answers.top1().rate();
    }

    /** Adds a chart with a line for each method that was measured more than once. */
    private static void addOverEpochs(
            List<Html> charts, String title, List<MethodEvents> methods, ToDoubleFunction<EvaluationEvent> measure) {
        List<Series> series = new ArrayList<>();
        StringBuilder description = new StringBuilder("At the end: ");
        for (MethodEvents method : methods) {
            List<Point> points = method.evaluations().stream()
                    .map(e -> Point.of(e.epoch(), measure.applyAsDouble(e)))
                    .filter(point -> Double.isFinite(point.y()))
                    .toList();
            if (points.size() > 1) {
                series.add(new Series(method.title(), method.method(), points));
                description.append(method.title()).append(' ');
                description.append(Numbers.fixed(points.getLast().y(), 1)).append(" %. ");
            }
        }
        if (!series.isEmpty()) {
            charts.add(new LineChart(title, description.toString().strip(), "epoch", series, true, List.of()).figure());
        }
    }

    private static Html overSteps(
            String what, MethodEvents method, ToDoubleFunction<StepEvent> measure, boolean fromZero) {
        Map<String, List<StepEvent>> passes = new LinkedHashMap<>();
        method.steps()
                .forEach(step -> passes.computeIfAbsent(step.pass(), _ -> new ArrayList<>())
                        .add(step));
        List<Series> series = new ArrayList<>();
        passes.forEach((pass, taken) -> series.add(new Series(pass, pass, smooth(taken, measure))));
        StepEvent last = method.steps().getLast();
        String description = Numbers.count(method.steps().size(), "step") + " of " + method.title() + "; at the last, "
                + last.pass() + ", it was " + Numbers.rough(measure.applyAsDouble(last)) + ".";
        return new LineChart(what + ", " + method.title(), description, "step", series, fromZero, phases(method))
                .figure();
    }

    /** Means over consecutive steps with their range; the line has a gap where the pass is not trained for a while. */
    private static List<Point> smooth(List<StepEvent> steps, ToDoubleFunction<StepEvent> measure) {
        int run = Math.max(1, (steps.size() + POINTS - 1) / POINTS);
        List<Point> points = new ArrayList<>();
        int start = 0;
        while (start < steps.size()) {
            int end = start + 1;
            while (end < steps.size() && end < start + run && !isGap(steps, end) && !isNewEpoch(steps, end)) {
                end++;
            }
            points.add(mean(steps.subList(start, end), measure));
            if (end < steps.size() && isGap(steps, end)) {
                double between = (steps.get(end - 1).step() + steps.get(end).step()) / 2.0;
                points.add(new Point(between, Double.NaN, Double.NaN, Double.NaN));
            }
            start = end;
        }
        return points;
    }

    private static boolean isGap(List<StepEvent> steps, int at) {
        return steps.get(at).step() - steps.get(at - 1).step() > INTERLEAVED;
    }

    private static boolean isNewEpoch(List<StepEvent> steps, int at) {
        return steps.get(at).epoch() > steps.get(at - 1).epoch();
    }

    private static Point mean(List<StepEvent> some, ToDoubleFunction<StepEvent> measure) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double where = 0;
        for (StepEvent step : some) {
            double value = measure.applyAsDouble(step);
            low = Math.min(low, value);
            high = Math.max(high, value);
            sum += value;
            where += step.step();
        }
        return new Point(where / some.size(), sum / some.size(), low, high);
    }

    /** The first step of every phase, from the epoch events; none if there is only one phase. */
    private static List<Mark> phases(MethodEvents method) {
        Map<Integer, String> phaseOf = new HashMap<>();
        for (EpochEvent epoch : method.epochs()) {
            phaseOf.put(epoch.epoch(), epoch.phase());
        }
        List<Mark> marks = new ArrayList<>();
        for (StepEvent step : method.steps()) {
            String phase = phaseOf.get(step.epoch());
            if (phase != null && (marks.isEmpty() || !marks.getLast().name().equals(phase))) {
                marks.add(new Mark(step.step(), phase));
            }
        }
        // a single phase needs no marks
        return marks.size() > 1 ? marks : List.of();
    }
}
