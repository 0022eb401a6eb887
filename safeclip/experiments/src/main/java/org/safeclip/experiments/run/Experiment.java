package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.attack.Attack;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.MaskFile;
import org.safeclip.experiments.attack.PoisonCount;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.attack.PoisonedDataset;
import org.safeclip.experiments.attack.Verification;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.CsvDataset;
import org.safeclip.experiments.dataset.DataSettings;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.EmojiDataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.experiments.dataset.LabelledImage;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.Study;
import org.safeclip.model.ClipModel;
import org.safeclip.model.TextConfig;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;

/**
 * Everything around a training: the poisoned pairs, which of them are poisons (for diagnosis only), and what the model is asked
 * afterwards, on images that neither training nor a poison ever showed it.
 *
 * @param config all settings
 * @param attacks names of the attacks on the pairs, in order
 * @param pairs what training sees
 * @param mask which of them are poisons
 * @param tokenizer learned from the captions that training sees
 * @param fine held-out images and the fine classes
 * @param coarse held-out images and the coarse classes
 * @param tests one for each attack, in order
 * @param verifications what the poisons of each attack hold
 * @param study for the longer part of the evaluation
 */
public record Experiment(
        ExperimentConfig config,
        List<String> attacks,
        PairSet pairs,
        PoisonMask mask,
        Tokenizer tokenizer,
        Evaluation.TestSet fine,
        Evaluation.TestSet coarse,
        List<AttackTestSet> tests,
        List<Verification> verifications,
        Study study) {

    /** Copies the lists. */
    public Experiment {
        attacks = List.copyOf(attacks);
        tests = List.copyOf(tests);
        verifications = List.copyOf(verifications);
    }

    /** The configured data set under attacks of these names. */
    public static Experiment of(ExperimentConfig config, List<String> attacks) throws IOException {
        return of(config, dataset(config), attacks);
    }

    /** A data set under attacks of these names. */
    public static Experiment of(ExperimentConfig config, Dataset dataset, List<String> attacks) throws IOException {
        return attacked(config, dataset, create(config, attacks));
    }

    /** New attacks of these names. */
    static List<Attack> create(ExperimentConfig config, List<String> attacks) {
        return attacks.stream()
                .map(name -> AttackCatalogue.STANDARD.create(name, config.attack(), SavedModel::surrogate))
                .toList();
    }

    /** A data set under attacks, which must not have poisoned yet. */
    public static Experiment attacked(ExperimentConfig config, Dataset dataset, List<Attack> attacks)
            throws IOException {
        PoisonedDataset poisoned = poison(config, dataset, attacks);
        PairSet pairs = poisoned.pairs();
        List<HeldOutImage> left = poisoned.heldOut();
        int vocabulary = config.model().text().vocabulary();
        List<Verification> verifications = new ArrayList<>();
        for (Attack attack : attacks) {
            verifications.add(attack.verify(poisoned, row -> new Pair(pairs.image(row), pairs.caption(row))));
        }
        return new Experiment(
                config,
                attacks.stream().map(Attack::name).toList(),
                pairs,
                poisoned.mask(),
                vocabulary == TextConfig.OPENAI_VOCABULARY
                        ? Tokenizer.openAi()
                        : Tokenizer.learn(pairs.captions(), vocabulary),
                testSet(dataset.fine(), left, HeldOutImage::fine),
                testSet(dataset.coarse(), left, HeldOutImage::coarse),
                tests(config, poisoned, attacks),
                verifications,
                study(dataset, left));
    }

    /** A data set after the attacks have poisoned it one after the other. */
    static PoisonedDataset poison(ExperimentConfig config, Dataset dataset, List<Attack> attacks) throws IOException {
        String known = config.data().poisonMask();
        PoisonedDataset poisoned = known.isEmpty()
                ? PoisonedDataset.clean(dataset)
                : new PoisonedDataset(dataset, new MaskFile(Path.of(known)).of(dataset.rows()));
        for (Attack attack : attacks) {
            attack.poison(poisoned, config.key().fold("attack " + attack.name()).random());
        }
        return poisoned;
    }

    /** The test of each attack, once all have poisoned. */
    static List<AttackTestSet> tests(ExperimentConfig config, PoisonedDataset poisoned, List<Attack> attacks) {
        return attacks.stream()
                .map(attack -> attack.testSet(
                        poisoned, config.key().fold("test " + attack.name()).random()))
                .toList();
    }

    /** The data set that the configuration names. */
    public static Dataset dataset(ExperimentConfig config) throws IOException {
        DataSettings data = config.data();
        if (data.embedded()) {
            if (!data.poisonMask().isEmpty()) {
                throw new InvalidInputException("data.poisonMask is " + data.poisonMask()
                        + ", but the embedded images hold no poison; it belongs to pairs of your own (--data)");
            }
            return EmojiDataset.load().dataset(data.heldOutArtist(), data.captionsPerImage());
        }
        BitSet poisons = data.poisonMask().isEmpty() ? new BitSet() : new MaskFile(Path.of(data.poisonMask())).rows();
        return CsvDataset.read(
                Path.of(data.source()),
                config.model().imageSize(),
                data.classNames(),
                data.heldOutShare(),
                poisons,
                config.key().fold("held out").random());
    }

    private static Study study(Dataset dataset, List<HeldOutImage> left) {
        List<LabelledImage> labelled = dataset.labelled();
        Evaluation.TestSet probe = new Evaluation.TestSet(
                dataset.coarse(),
                labelled.stream().map(LabelledImage::pixels).toList(),
                labelled.stream().mapToInt(LabelledImage::coarse).toArray());
        Retrieval.Gallery gallery = new Retrieval.Gallery(
                left.stream().map(HeldOutImage::pixels).toList(),
                left.stream().map(HeldOutImage::captions).toList());
        return new Study(probe, gallery);
    }

    private static Evaluation.TestSet testSet(
            ClassList classes, List<HeldOutImage> images, ToIntFunction<HeldOutImage> classOf) {
        List<HeldOutImage> labelled =
                images.stream().filter(image -> classOf.applyAsInt(image) >= 0).toList();
        return new Evaluation.TestSet(
                classes,
                labelled.stream().map(HeldOutImage::pixels).toList(),
                labelled.stream().mapToInt(classOf).toArray());
    }

    /** Where the tests come from, in words. */
    public String heldOut() {
        DataSettings data = config.data();
        return data.embedded() ? "held-out artist " + data.heldOutArtist() : "held out of " + data.source();
    }

    /** The name of the attacks in files and tables. */
    public String attackLabel() {
        return AttackCatalogue.label(attacks);
    }

    /** Poisons against clean pairs of the class, for every target. */
    public List<PoisonCount> counts() {
        return PoisonCount.of(pairs, mask);
    }

    /** What is known of the attacks before anything is trained, a line each. */
    public List<String> attackLines() {
        return Stream.concat(counts().stream(), verifications.stream())
                .map(Object::toString)
                .toList();
    }

    /** A copy that asks for classes in other words. */
    public Experiment asked(PromptTemplates templates) {
        return new Experiment(
                config,
                attacks,
                pairs,
                mask,
                tokenizer,
                fine.asked(templates),
                coarse.asked(templates),
                tests,
                verifications,
                study);
    }

    /** A copy that asks what another experiment asks. */
    public Experiment askedAs(Experiment other) {
        return new Experiment(
                config,
                other.attacks,
                pairs,
                mask,
                tokenizer,
                other.fine,
                other.coarse,
                other.tests,
                other.verifications,
                other.study);
    }

    /** The test of the first attack; the empty one where there is none. */
    public AttackTestSet attackTest() {
        return tests.isEmpty() ? AttackTestSet.none() : tests.getFirst();
    }

    /** A new model of the configured sizes. */
    public ClipModel model(Backend backend) {
        return ClipModel.random(
                config.model().withVocabulary(tokenizer.vocabulary()),
                backend,
                config.key().fold("model").random());
    }

    /** Makes the batches of the pairs. */
    public Augmentation augmentation() {
        Augmentation augmentation = Augmentation.of(
                pairs,
                config.augmentation(),
                config.model().imageSize(),
                tokenizer,
                config.model().text().context(),
                config.key());
        return config.reference().staticCaptions() ? augmentation.withStaticCaptions() : augmentation;
    }

    /** Honest pairs for a defence that needs to be told some: drawn with the mask, which no other method sees. */
    public int[] cleanPairs() {
        if (!poisonsKnown()) {
            throw new InvalidInputException("cleanclip needs pairs known to be clean, and nobody says which of "
                    + config.data().source() + " are; name the poisons with data.poisonMask=FILE");
        }
        BitSet poisons = mask.rows();
        int[] honest = IntStream.range(0, pairs.size())
                .filter(row -> !poisons.get(row))
                .toArray();
        int count = config.cleanclip().pairs();
        if (count < config.training().batchSize()) {
            throw new InvalidInputException("cleanclip.pairs is " + count + ", expected at least the batch of "
                    + config.training().batchSize() + ": with fewer there is no step to take");
        }
        if (count > honest.length) {
            throw new InvalidInputException("cleanclip.pairs is " + count + ", expected at most the " + honest.length
                    + " honest pairs there are");
        }
        RandomGenerator random = config.key().fold("clean pairs").random();
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(honest.length - i);
            int swap = honest[i];
            honest[i] = honest[j];
            honest[j] = swap;
        }
        return Arrays.copyOf(honest, count);
    }

    /** Whether it is known which pairs are poisons: of pairs of the user's own only with a mask, or if they were clean before. */
    public boolean poisonsKnown() {
        return config.data().embedded() || !config.data().poisonMask().isEmpty() || !attacks.isEmpty();
    }

    /** Whether there are classes and held-out images of them to ask a model about. */
    public boolean canBeAsked() {
        return !fine.images().isEmpty() && !coarse.images().isEmpty();
    }

    /** The whole evaluation of a model; of attacks the first. */
    public Evaluation evaluate(ClipModel model) {
        RandomGenerator random = config.key().fold("probe").random();
        return Evaluation.of(asker(model), fine, coarse, attackTest(), study, random);
    }

    /** The part of the evaluation that is cheap enough during training: zero-shot accuracy and the first attack. */
    public Evaluation evaluateQuickly(ClipModel model) {
        return Evaluation.of(asker(model), fine, coarse, attackTest());
    }

    /** What became of every attack on a model. */
    public List<AttackOutcome> outcomes(ClipModel model) {
        Evaluation.Asker asker = asker(model);
        return tests.stream().map(test -> AttackOutcome.of(asker, coarse, test)).toList();
    }

    private Evaluation.Asker asker(ClipModel model) {
        return new Evaluation.Asker(
                model,
                tokenizer,
                config.model().text().context(),
                config.model().imageSize());
    }
}
