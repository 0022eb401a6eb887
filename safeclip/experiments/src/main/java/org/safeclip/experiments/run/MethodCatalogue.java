package org.safeclip.experiments.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.SafeClip;
import org.safeclip.SafeClipParts;
import org.safeclip.SafeClipSettings;
import org.safeclip.TrainingMethod;
import org.safeclip.baseline.CleanClip;
import org.safeclip.baseline.Clip;
import org.safeclip.baseline.RoClip;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.selection.AgreementSelector;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;
import org.safeclip.train.Trainer;

/**
 * The training methods by name. To add a method, write a class and add a line here.
 *
 * @param entries all methods, in the order in which they are listed
 */
public record MethodCatalogue(List<Entry> entries) {
    /** The name of undefended CLIP. */
    public static final String CLIP = "clip";

    /** The name of SafeCLIP. */
    public static final String SAFECLIP = SafeClipParts.PAPER;

    /** The name of SafeCLIP with the ranking by agreement, an extension of the paper. */
    public static final String SAFECLIP_AGREEMENT = SafeClipParts.AGREEMENT;

    /** The methods of this program. */
    public static final MethodCatalogue STANDARD = new MethodCatalogue(List.of(
            new Entry(
                    CLIP,
                    "CLIP",
                    "CLIP with SafeCLIP's augmentation",
                    (experiment, trainer) -> Clip.augmented(experiment.config().clip(), trainer)),
            new Entry(
                    "clip-plain",
                    "CLIP, no augmentation",
                    "CLIP without augmentation",
                    (experiment, trainer) ->
                            Clip.unaugmented(experiment.config().clip(), trainer)),
            new Entry(
                    "clip-dedup",
                    "CLIP, duplicates dropped",
                    "CLIP without images that occur too often",
                    (experiment, trainer) -> Clip.deduplicated(
                            experiment.config().clip(),
                            trainer,
                            experiment.config().maxCopies())),
            new Entry(
                    "clip-agreement",
                    "CLIP on vouched pairs",
                    "CLIP on the pairs that others confirm: the control of safeclip-agreement",
                    MethodCatalogue::clipOnVouchedPairs),
            new Entry(
                    "roclip",
                    "RoCLIP",
                    "matches images with the nearest captions of a pool",
                    (experiment, trainer) -> new RoClip(experiment.config().roclip(), trainer)),
            new Entry(
                    "cleanclip",
                    "CleanCLIP (after the fact)",
                    "CLIP, fine-tuned on pairs known to be clean",
                    CLIP,
                    Experiment::cleanPairs,
                    (experiment, trainer) -> new CleanClip(
                            experiment.config().clip(),
                            experiment.config().cleanclip(),
                            trainer,
                            experiment.cleanPairs())),
            new Entry(
                    SAFECLIP,
                    "SafeCLIP",
                    "matches images with captions only in the safe set",
                    (experiment, trainer) -> experiment
                            .config()
                            .reference()
                            .safeClip(
                                    experiment.config().safeclip(),
                                    experiment.config().scoring(),
                                    experiment.config().pools(),
                                    trainer)),
            new Entry(
                    SAFECLIP_AGREEMENT,
                    "SafeCLIP + agreement",
                    "an extension of SafeCLIP: other pairs, then the model itself, confirm pairs before they are matched",
                    MethodCatalogue::withAgreement)));

    private static TrainingMethod clipOnVouchedPairs(Experiment experiment, Trainer trainer) {
        AgreementSettings plain = Settings.with(
                experiment.config().agreement(),
                "features",
                AgreementSettings.Features.PLAIN); // nothing is trained yet
        AgreementSelector selector = new AgreementSelector(
                plain, SafeClipParts.mixtureSelector(experiment.config().safeclip(), trainer), trainer.key());
        int[] kept = selector.matchedSlowly(trainer.model(), trainer.augmentation());
        return Clip.on(kept, "clip-agreement", experiment.config().clip(), trainer);
    }

    private static TrainingMethod withAgreement(Experiment experiment, Trainer trainer) {
        ExperimentConfig config = experiment.config();
        SafeClipSettings settings =
                Settings.with(config.safeclip(), "cap", config.agreement().largest());
        SafeClipParts parts = config.reference().parts(settings, config.scoring(), config.pools(), trainer);
        return new SafeClip(settings, trainer, parts.withAgreement(config.agreement(), settings, trainer));
    }

    /** Creates a method for an experiment. */
    @FunctionalInterface
    public interface Factory {
        /** Creates an untrained method for the trainer's model. */
        TrainingMethod create(Experiment experiment, Trainer trainer);
    }

    /** Checks whether a method can be trained in an experiment. */
    @FunctionalInterface
    public interface Requirement {
        /**
         * Checks an experiment.
         *
         * @throws InvalidInputException if the method cannot be trained in it
         */
        void check(Experiment experiment);
    }

    /**
     * A method.
     *
     * @param name name on the command line and in files
     * @param title name in tables
     * @param description what it does, in one line
     * @param continues method whose finished run this one may start from; null for none
     * @param requirement check before anything is written
     * @param factory creates the method
     */
    public record Entry(
            String name,
            String title,
            String description,
            @Nullable String continues,
            Requirement requirement,
            Factory factory) {
        /** A method that starts from random weights and can be trained in any experiment. */
        public Entry(String name, String title, String description, Factory factory) {
            this(name, title, description, null, experiment -> {}, factory);
        }
    }

    /** Copies the list. */
    public MethodCatalogue {
        entries = List.copyOf(entries);
    }

    /** A copy of this catalogue with one more method. */
    public MethodCatalogue with(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new MethodCatalogue(more);
    }

    /** The title of a method in tables; its name if the method is unknown. */
    public String title(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .map(Entry::title)
                .findFirst()
                .orElse(name);
    }

    /** The names of all methods. */
    public List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    /**
     * Returns the method of a name.
     *
     * @throws InvalidInputException if there is no method of this name
     */
    public Entry named(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("there is no method '" + name + "'; there are "
                        + entries.stream().map(Entry::name).collect(Collectors.joining(", "))));
    }
}
