package org.safeclip.experiments.report;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.run.EpochEvent;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.SplitEvent;
import org.safeclip.experiments.run.StepEvent;

/**
 * The events of one method, by type.
 *
 * @param method name of the method
 * @param steps optimiser steps
 * @param splits splits of the pairs
 * @param evaluations evaluations, the last one at the end of training
 * @param epochs finished epochs
 */
record MethodEvents(
        String method,
        List<StepEvent> steps,
        List<SplitEvent> splits,
        List<EvaluationEvent> evaluations,
        List<EpochEvent> epochs) {

    /** The events of each method, in the order in which the methods were trained. */
    static List<MethodEvents> of(List<Event> events) {
        Set<String> methods = new LinkedHashSet<>();
        events.forEach(event -> methods.add(event.method()));
        return methods.stream()
                .map(method -> new MethodEvents(
                        method,
                        only(StepEvent.class, method, events),
                        only(SplitEvent.class, method, events),
                        only(EvaluationEvent.class, method, events),
                        only(EpochEvent.class, method, events)))
                .toList();
    }

    private static <E extends Event> List<E> only(Class<E> type, String method, List<Event> events) {
        return events.stream()
                .filter(event -> type.isInstance(event) && event.method().equals(method))
                .map(type::cast)
                .toList();
    }

    /** The title of the method. */
    String title() {
        return MethodCatalogue.STANDARD.title(method);
    }

    /** The latest scores, null before the first evaluation. */
    @Nullable
    Scores scores() {
        return evaluations.isEmpty() ? null : evaluations.getLast().scores();
    }

    /** The latest scores of each method that was evaluated. */
    static Map<String, Scores> scores(List<MethodEvents> methods) {
        Map<String, Scores> all = new LinkedHashMap<>();
        for (MethodEvents one : methods) {
            Scores scores = one.scores();
            if (scores != null) {
                all.put(one.method(), scores);
            }
        }
        return all;
    }
}
