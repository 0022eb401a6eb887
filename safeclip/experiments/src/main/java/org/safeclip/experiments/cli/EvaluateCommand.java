package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.LabelledAccuracy;
import org.safeclip.experiments.report.ScoresTable;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.PoisonedFolder;
import org.safeclip.experiments.run.SavedModel;
import org.safeclip.experiments.source.LabelledFormat;
import org.safeclip.experiments.source.LabelledSet;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: the accuracy of a saved or published model, and the success of the attacks it was trained under. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tests a checkpoint on held-out images: zero-shot, a linear probe, retrieval, and the"
                    + " attacks it was trained under. Every rate is shown with its exact 95 %% interval and its"
                    + " counts.",
            "Weights published elsewhere, in safetensors form with open_clip's names, need --preset."
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--templates",
            paramLabel = "NAME|FILE",
            description = "prompt templates instead of those of the embedded images: imagenet (OpenAI's 80), or a"
                    + " file of lines such as \"a photo of {a} {}.\"")
    private @Nullable String templates;

    @Option(
            names = "--poisoned",
            paramLabel = "DIR",
            description = "a folder written by the command poison: tests with its held-out images and attacks"
                    + " instead of those of the checkpoint's training run")
    private @Nullable Path poisoned;

    @Option(
            names = "--test",
            paramLabel = "DIR",
            description =
                    "images with classes of your own, for zero-shot accuracy only: CIFAR's binary files, IDX files,"
                            + " labels.csv with classes.py, or a folder for each class")
    private @Nullable Path classes;

    @Option(
            names = "--data",
            paramLabel = "PLACE",
            description = "the pairs that the checkpoint was trained on, if they have moved since")
    private @Nullable String data;

    @Mixin
    private DeviceOptions options = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        ExperimentConfig settings = model.settings();
        PromptTemplates asked = templates == null ? null : PromptTemplates.named(templates);
        try (Backend device = options.open()) {
            SavedModel saved = settings == null
                    ? SavedModel.load(
                            model.checkpoint(), device, data == null ? List.of() : List.of("data.source=" + data))
                    : SavedModel.published(model.checkpoint(), settings, device);
            if (classes != null) {
                print(saved, LabelledFormat.recognise(classes), asked);
                return 0;
            }
            Experiment experiment = Experiment.of(saved.config(), saved.attacks());
            Experiment test = poisoned == null ? experiment : PoisonedFolder.experiment(poisoned);
            if (!test.hasTests()) {
                throw new InvalidInputException(
                        poisoned == null
                                ? model.checkpoint() + ": was trained on "
                                        + saved.config().data().source()
                                        + " without held-out images of known classes, so it cannot be tested"
                                : poisoned
                                        + ": no held-out image has a known class; poison with data.classes=WORD,WORD");
            }
            if (!experiment.tokenizer().serialise().equals(saved.tokenizer().serialise())) {
                throw new InvalidInputException(saved.config().data().source() + ": is not what " + model.checkpoint()
                        + " was trained on: its captions give another vocabulary; restore the original file");
            }
            experiment = experiment.withTestsOf(test);
            print(saved, test.heldOut(), asked == null ? experiment : experiment.withTemplates(asked));
        }
        return 0;
    }

    /** Tests a model on images with classes, in the prompts asked for, those of the set, or the usual ones. */
    private void print(SavedModel saved, LabelledSet set, @Nullable PromptTemplates asked) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: %s; %,d images of %,d classes%n",
                Printable.text(String.valueOf(classes)),
                set.format(),
                set.images().size(),
                set.classes().size());
        out.flush();
        PromptTemplates templates = asked != null
                ? asked
                : set.templates().isEmpty()
                        ? PromptTemplates.embedded("imagenet")
                        : new PromptTemplates(set.templates());
        Evaluation.ModelUnderTest tested = new Evaluation.ModelUnderTest(
                saved.model(),
                saved.tokenizer(),
                saved.config().model().text().context(),
                saved.config().model().imageSize());
        LabelledAccuracy found = LabelledAccuracy.of(tested, set, templates);
        out.println("top-1:  " + found.accuracy().top1());
        out.println("top-3:  " + found.accuracy().top3());
        out.println("top-5:  " + found.accuracy().top5());
        out.println("top-10: " + found.accuracy().top10());
        if (found.unusable() > 0) {
            out.printf(Locale.ROOT, "%,d images cannot be used%n", found.unusable());
        }
        out.flush();
    }

    private void print(SavedModel saved, String heldOut, Experiment experiment) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: %,d images of %d concepts, %,d of %d kinds; attack: %s%n%n",
                heldOut,
                experiment.fine().images().size(),
                experiment.fine().classes().size(),
                experiment.coarse().images().size(),
                experiment.coarse().classes().size(),
                experiment.attackLabel());
        out.flush();
        Evaluation evaluation = experiment.evaluate(saved.model());
        String name = Printable.text(model.checkpoint().getFileName().toString());
        out.print(ScoresTable.text(Map.of(name, evaluation.scores())));
        for (AttackOutcome outcome : experiment.outcomes(saved.model())) {
            AttackReport.print(outcome, out);
        }
        out.flush();
    }
}
