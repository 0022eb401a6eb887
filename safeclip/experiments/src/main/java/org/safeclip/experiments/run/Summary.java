package org.safeclip.experiments.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.Interval;

/** A finished training in the few numbers that a result keeps. */
public final class Summary {
    private Summary() {}

    /**
     * The row of a training.
     *
     * @param outcomes one for each attack, in order
     * @param events the story of the run, of which only those of this method count
     */
    public static Result.Run of(
            TrainingRun training, Evaluation evaluation, List<AttackOutcome> outcomes, List<Event> events) {
        String method = training.method().name();
        List<Result.SafeSet> safeSets = new ArrayList<>();
        Map<String, Result.Cost> costs = new LinkedHashMap<>();
        for (Event event : events) {
            if (!event.method().equals(method)) {
                continue;
            }
            if (event instanceof SplitEvent split) {
                Integer poisons = split.poisons();
                safeSets.add(new Result.SafeSet(split.epoch(), split.size(), poisons == null ? 0 : poisons));
            } else if (event instanceof EpochEvent epoch) {
                costs.merge(epoch.phase(), cost(epoch), Summary::sum);
            }
        }
        Map<String, Interval> further = new LinkedHashMap<>();
        outcomes.stream().skip(1).forEach(outcome -> further.put(outcome.attack(), outcome.success()));
        return new Result.Run(
                method,
                evaluation.scores(),
                safeSets,
                training.epochs(),
                training.seconds(),
                List.copyOf(costs.values()),
                outcomes.isEmpty() ? null : outcomes.getFirst().withoutTrigger(),
                further);
    }

    /** What the trainings of an experiment came to. */
    public static Result result(Experiment experiment, String backend, List<Result.Run> runs) {
        List<Result.Target> targets = experiment.counts().stream()
                .map(count ->
                        new Result.Target(count.attack(), count.targetClass(), count.poisons(), count.cleanPairs()))
                .toList();
        return new Result(
                experiment.config().seed(),
                backend,
                experiment.attackLabel(),
                experiment.pairs().size(),
                experiment.mask().count(),
                targets,
                runs);
    }

    private static Result.Cost cost(EpochEvent epoch) {
        return new Result.Cost(
                epoch.phase(),
                1,
                epoch.seconds(),
                epoch.cpuSeconds(),
                epoch.scoringCpuSeconds(),
                epoch.mixtureCpuSeconds());
    }

    private static Result.Cost sum(Result.Cost a, Result.Cost b) {
        return new Result.Cost(
                a.phase(),
                a.epochs() + b.epochs(),
                a.seconds() + b.seconds(),
                a.cpuSeconds() + b.cpuSeconds(),
                a.scoringCpuSeconds() + b.scoringCpuSeconds(),
                a.mixtureCpuSeconds() + b.mixtureCpuSeconds());
    }
}
