package org.safeclip.experiments.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.Interval;

/** Summarises finished runs for a {@link Result}. */
public final class RunSummary {
    private RunSummary() {}

    /**
     * Summarises the run of one method.
     *
     * @param outcomes outcome of each attack, in order
     * @param events events of the run folder; only those of this method are used
     */
    public static Result.Run of(
            TrainingRun training, Evaluation evaluation, List<AttackOutcome> outcomes, List<Event> events) {
        String method = training.method().name();
        List<Result.SafeSet> safeSets = new ArrayList<>();
        Map<String, Result.Cost> costs = new LinkedHashMap<>();
        long steps = 0;
        long images = 0;
        for (Event event : events) {
            if (!event.method().equals(method)) {
                continue;
            }
            if (event instanceof SplitEvent split) {
                Integer poisons = split.poisons();
                safeSets.add(new Result.SafeSet(split.epoch(), split.size(), poisons == null ? 0 : poisons));
            } else if (event instanceof StepEvent step) {
                steps++;
                images += step.images();
            } else if (event instanceof EpochEvent epoch) {
                costs.merge(epoch.phase(), cost(epoch), RunSummary::sum);
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
                further,
                images == 0 ? null : new Result.Budget(steps, images));
    }

    /** The result of an experiment's runs. */
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
