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
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.StepEvent;

/** The sections of the report on training: losses over steps, accuracy and attack success over epochs. */
final class TrainingSection {
    /** Most points of a line; a screen cannot show every step. */
    private static final int POINTS = 150;

    private final List<String> methods;
    private final List<Event> events;

    TrainingSection(Result result, List<Event> events) {
        methods = result.runs().stream().map(Result.Run::method).toList();
        this.events = events;
    }

    /** The HTML elements; none without events. */
    List<Html> html() {
        List<Html> sections = new ArrayList<>();
        List<EvaluationEvent> evaluations = of(EvaluationEvent.class);
        if (!evaluations.isEmpty()) {
            sections.add(Report.section(
                    "During training",
                    Html.of("div")
                            .with("class", "charts")
                            .add(
                                    overEpochs(
                                            "Attack success (%)",
                                            evaluations, e -> percent(e.scores().attack())),
                                    overEpochs(
                                            "Zero-shot accuracy, concepts, top-1 (%)",
                                            evaluations, e -> percent(e.scores().fine())),
                                    overEpochs(
                                            "Zero-shot accuracy, kinds, top-1 (%)",
                                            evaluations, e -> percent(e.scores().coarse())))));
        }
        List<Html> losses =
                methods.stream().map(this::losses).flatMap(List::stream).toList();
        if (!losses.isEmpty()) {
            sections.add(Report.section(
                    "Losses",
                    Html.of(
                            "p",
                            "Each point is the mean over neighbouring steps, the band shows their range. In-modal:"
                                    + " contrast of views within one modality. Cross-modal: contrast of images and captions."
                                    + " The two losses are not comparable, because the tasks differ."),
                    Html.of("div").with("class", "charts").addAll(losses)));
        }
        return sections;
    }

    private static double percent(@Nullable TopK answers) {
        return answers == null ? Double.NaN : 100 * answers.top1().rate();
    }

    private Html overEpochs(
            String title, List<EvaluationEvent> evaluations, ToDoubleFunction<EvaluationEvent> measure) {
        List<Series> series = new ArrayList<>();
        StringBuilder description = new StringBuilder("At the end: ");
        for (String method : methods) {
            List<Point> points = evaluations.stream()
                    .filter(e -> e.method().equals(method))
                    .map(e -> Point.of(e.epoch(), measure.applyAsDouble(e)))
                    .toList();
            if (!points.isEmpty()) {
                series.add(new Series(MethodCatalogue.STANDARD.title(method), method, points));
                description.append(MethodCatalogue.STANDARD.title(method)).append(' ');
                description.append(Numbers.fixed(points.getLast().y(), 1)).append(" %. ");
            }
        }
        return new LineChart(title, description.toString().strip(), "epoch", series, true, List.of()).figure();
    }

    private List<Html> losses(String method) {
        List<StepEvent> steps = of(StepEvent.class).stream()
                .filter(step -> step.method().equals(method))
                .toList();
        if (steps.isEmpty()) {
            return List.of();
        }
        Map<String, List<StepEvent>> passes = new LinkedHashMap<>();
        steps.forEach(step ->
                passes.computeIfAbsent(step.pass(), _ -> new ArrayList<>()).add(step));
        List<Series> series = new ArrayList<>();
        passes.forEach((pass, taken) -> series.add(new Series(pass, pass, smooth(taken))));
        String name = MethodCatalogue.STANDARD.title(method);
        StepEvent last = steps.getLast();
        String description = Numbers.count(steps.size(), "step") + " of " + name + "; the last loss, " + last.pass()
                + ", was " + Numbers.rough(last.loss()) + ".";
        return List.of(
                new LineChart("Loss of " + name, description, "step", series, false, phases(method, steps)).figure());
    }

    /** Means over consecutive steps with their range; NaN if a loss is NaN. */
    private static List<Point> smooth(List<StepEvent> steps) {
        int run = Math.max(1, (steps.size() + POINTS - 1) / POINTS);
        List<Point> points = new ArrayList<>();
        for (int start = 0; start < steps.size(); start += run) {
            List<StepEvent> some = steps.subList(start, Math.min(start + run, steps.size()));
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            double sum = 0;
            double where = 0;
            for (StepEvent step : some) {
                low = Math.min(low, step.loss());
                high = Math.max(high, step.loss());
                sum += step.loss();
                where += step.step();
            }
            points.add(new Point(where / some.size(), sum / some.size(), low, high));
        }
        return points;
    }

    /** The first step of every phase, from the epoch events; none if there is only one phase. */
    private List<Mark> phases(String method, List<StepEvent> steps) {
        Map<Integer, String> phaseOf = new HashMap<>();
        for (EpochEvent epoch : of(EpochEvent.class)) {
            if (epoch.method().equals(method)) {
                phaseOf.put(epoch.epoch(), epoch.phase());
            }
        }
        List<Mark> marks = new ArrayList<>();
        for (StepEvent step : steps) {
            String phase = phaseOf.get(step.epoch());
            if (phase != null && (marks.isEmpty() || !marks.getLast().name().equals(phase))) {
                marks.add(new Mark(step.step(), phase));
            }
        }
        // a single phase needs no marks
        return marks.size() > 1 ? marks : List.of();
    }

    private <E extends Event> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
