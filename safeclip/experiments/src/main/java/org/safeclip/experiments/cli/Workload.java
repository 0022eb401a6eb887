package org.safeclip.experiments.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.SafeClipSettings;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.selection.SafeSplit;

/**
 * The work of training one method, epoch by epoch, as far as it is known beforehand: an estimate for the time left.
 *
 * @param epochs work of each epoch, in order
 */
record Workload(List<Map<String, Double>> epochs) {
    /** Embedding and scoring all pairs, and fitting the mixture; the unit is a thousand pairs. */
    static final String SCORING = "scoring";

    /** The short evaluation during training; the unit is a thousand test images. */
    static final String EVALUATION = "evaluation";

    /** The full evaluation at the end; the unit is a thousand test images. */
    static final String LAST_EVALUATION = "last evaluation";

    /** The objectives of training; the unit is a step. */
    static final String CROSS_MODAL = "cross-modal";

    static final String IN_MODAL = "in-modal";

    /** Share of the pairs in the first safe set, before it is known. */
    private static final double FIRST_SHARE = 0.12;

    /** Copies the list. */
    Workload {
        epochs = List.copyOf(epochs);
    }

    /** The work of a method in an experiment. */
    static Workload of(Experiment experiment, MethodCatalogue.Entry method) {
        ExperimentConfig config = experiment.config();
        List<Map<String, Double>> epochs = switch (method.name()) {
            case "roclip" -> equal(config.roclip().epochs(), "pool", steps(config, experiment, 1));
            case "cleanclip" -> cleanClip(config, experiment);
            case String name when name.startsWith(MethodCatalogue.SAFECLIP) -> safeClip(config, experiment);
            default -> equal(config.clip().epochs(), CROSS_MODAL, steps(config, experiment, 1));
        };
        limit(epochs, config.training().maxSteps());
        if (experiment.hasTests()) {
            int images = experiment.fine().images().size()
                    + experiment.coarse().images().size()
                    + experiment.attackTest().size();
            evaluate(epochs, config.evaluation().every(), images / 1000.0);
        }
        return new Workload(epochs);
    }

    private static List<Map<String, Double>> cleanClip(ExperimentConfig config, Experiment experiment) {
        List<Map<String, Double>> epochs = equal(config.clip().epochs(), CROSS_MODAL, steps(config, experiment, 1));
        double steps = (double) config.cleanclip().pairs() / config.training().batchSize();
        epochs.addAll(equal(config.cleanclip().epochs(), "clean", Math.floor(steps)));
        return epochs;
    }

    private static List<Map<String, Double>> safeClip(ExperimentConfig config, Experiment experiment) {
        SafeClipSettings settings = config.safeclip();
        double all = steps(config, experiment, 1);
        List<Map<String, Double>> epochs = equal(settings.warmupEpochs(), IN_MODAL, all);
        epochs.addAll(equal(settings.slowEpochs(), CROSS_MODAL, all));
        for (int i = 0; i < settings.mixedEpochs(); i++) {
            double safe = SafeSplit.projectedShare(FIRST_SHARE, i, settings.growth(), settings.cap());
            Map<String, Double> epoch = new LinkedHashMap<>();
            epoch.put(SCORING, experiment.pairs().size() / 1000.0);
            epoch.put(IN_MODAL, settings.riskyWeight() == 0 ? 0 : steps(config, experiment, 1 - safe));
            epoch.put(CROSS_MODAL, Math.max(settings.safeSteps(), steps(config, experiment, safe)));
            epochs.add(epoch);
        }
        return epochs;
    }

    private static double steps(ExperimentConfig config, Experiment experiment, double share) {
        return Math.floor(share * experiment.pairs().size() / config.training().batchSize());
    }

    private static List<Map<String, Double>> equal(int count, String objective, double steps) {
        List<Map<String, Double>> epochs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            epochs.add(new LinkedHashMap<>(Map.of(objective, steps)));
        }
        return epochs;
    }

    /** Training ends after the epoch in which the limit of steps is reached; 0 is none. */
    private static void limit(List<Map<String, Double>> epochs, long maxSteps) {
        double left = maxSteps > 0 ? maxSteps : Double.POSITIVE_INFINITY;
        for (int i = 0; i < epochs.size(); i++) {
            if (left <= 0) {
                epochs.subList(i, epochs.size()).clear();
                return;
            }
            for (Map.Entry<String, Double> work : epochs.get(i).entrySet()) {
                if (!work.getKey().equals(SCORING)) {
                    work.setValue(Math.min(work.getValue(), left));
                    left -= work.getValue();
                }
            }
        }
    }

    private static void evaluate(List<Map<String, Double>> epochs, int every, double amount) {
        for (int i = 1; i <= epochs.size(); i++) {
            if (i == epochs.size()) {
                epochs.get(i - 1).put(LAST_EVALUATION, amount);
            } else if (every > 0 && i % every == 0) {
                epochs.get(i - 1).put(EVALUATION, amount);
            }
        }
    }
}
