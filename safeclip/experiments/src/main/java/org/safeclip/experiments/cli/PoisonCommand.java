package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.Verification;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.PoisonedFolder;
import org.safeclip.settings.InvalidInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code poison}: writes a poisoned copy of a data set for this program or other tools. */
@Command(
        name = "poison",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes a poisoned copy of the embedded images or of your own (--data), and verifies it.",
            "Writes DIR/train.csv with images/, mask.csv (the poisons, not for training), heldout.csv with heldout/"
                    + " (clean images), test.csv with test/ (what the attacker wants misclassified), attacks.txt and"
                    + " config.toml."
        })
final class PoisonCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "an empty folder; created if missing")
    private Path out = Path.of("");

    @Option(
            names = "--attack",
            required = true,
            paramLabel = "NAME",
            description = "such as targeted, badnet, blended, wanet, sig, label-consistent or text; repeat to"
                    + " combine attacks")
    private List<String> attack = List.of();

    @Option(
            names = "--format",
            paramLabel = "png|jpg",
            defaultValue = "png",
            description = "image format; jpg weakens triggers, the output shows how much (default: ${DEFAULT-VALUE})")
    private String format = "png";

    @Mixin
    private SettingOptions settings = new SettingOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        List<String> attacks = AttackCatalogue.STANDARD.parse(attack);
        if (attacks.isEmpty()) {
            throw new InvalidInputException("poison needs an attack, such as --attack badnet");
        }
        if (!format.equals("png") && !format.equals("jpg")) {
            throw new InvalidInputException("--format is " + format + ", expected png or jpg");
        }
        NewFolder.refuseFull(out);
        ExperimentConfig config = settings.config("tiny");
        PrintWriter to = spec.commandLine().getOut();
        Dataset dataset = Experiment.dataset(config);
        dataset.remarks().forEach(line -> to.println(Printable.text(line)));
        PoisonedFolder.Written written = new PoisonedFolder(config, dataset, attacks, format, out).write();
        to.printf(
                Locale.ROOT,
                "%s: %,d pairs, %,d of them poisoned (%.2f %%)%n",
                Printable.text(out.resolve("train.csv").toString()),
                written.pairs(),
                written.poisons(),
                100.0 * written.poisons() / written.pairs());
        written.counts().forEach(count -> to.println(Printable.text(count.toString())));
        to.println("Read back:");
        for (Verification verified : written.verified()) {
            to.println("  " + Printable.text(verified.toString()));
            if (!verified.holds()) {
                to.println("  WARNING: the trigger is lost in some files; results of this attack mean nothing");
            }
        }
        to.println("Next, train without a defence: safeclip train --method clip --data "
                + Printable.text(out.resolve("train.csv").toString())
                + " --out DIR, then safeclip evaluate DIR/checkpoint.safetensors --poisoned "
                + Printable.text(out.toString())
                + "; a defence can only be judged if the attack succeeds there.");
        to.flush();
        return 0;
    }
}
