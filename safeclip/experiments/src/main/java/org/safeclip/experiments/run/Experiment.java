package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
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
import org.safeclip.experiments.dataset.DataSettings;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.EmojiDataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.experiments.dataset.LabelledImage;
import org.safeclip.experiments.dataset.PairStore;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.experiments.dataset.UserDataset;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.ProbeAndGallery;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.model.ClipModel;
import org.safeclip.model.TextConfig;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;

/**
 * An experiment: the poisoned pairs, which of them are poisons (only for diagnostics), and the tests of the model, on images that
 * are neither in training pairs nor in poisons.
 *
 * @param config all settings
 * @param attacks names of the attacks on the pairs, in order
 * @param pairs training pairs, poisons included
 * @param rows row of each training pair in its source; the pairs that an attack appended have none and come last, {@code [≤ N]}
 * @param mask which of the pairs are poisons
 * @param tokenizer tokenizer, learned from the training captions unless it is OpenAI's
 * @param fine fine classes with held-out images
 * @param coarse coarse classes with held-out images
 * @param tests test set of each attack, in order
 * @param verifications verification of each attack's poisons, in order
 * @param probeAndGallery data of the linear probe and of retrieval
 * @param remarks messages about reading the pairs, such as what was left out and why, one line each
 */
public record Experiment(
        ExperimentConfig config,
        List<String> attacks,
        PairSet pairs,
        int[] rows,
        PoisonMask mask,
        Tokenizer tokenizer,
        Evaluation.TestSet fine,
        Evaluation.TestSet coarse,
        List<AttackTestSet> tests,
        List<Verification> verifications,
        ProbeAndGallery probeAndGallery,
        List<String> remarks) {

    /** More target classes are described together. */
    private static final int MOST_COUNTS = 4;

    /** Copies the lists. */
    public Experiment {
        attacks = List.copyOf(attacks);
        tests = List.copyOf(tests);
        verifications = List.copyOf(verifications);
        remarks = List.copyOf(remarks);
    }

    /**
     * Poisons the configured data set with the named attacks.
     *
     * @throws InvalidInputException if an attack cannot poison the data set
     */
    public static Experiment of(ExperimentConfig config, List<String> attacks) throws IOException {
        return of(config, dataset(config), attacks);
    }

    /**
     * Poisons a data set with the named attacks.
     *
     * @throws InvalidInputException if an attack cannot poison the data set
     */
    public static Experiment of(ExperimentConfig config, Dataset dataset, List<String> attacks) throws IOException {
        return attacked(config, dataset, create(config, attacks));
    }

    /** Creates the named attacks. */
    static List<Attack> create(ExperimentConfig config, List<String> attacks) {
        return attacks.stream()
                .map(name -> AttackCatalogue.STANDARD.create(name, config.attack(), SavedModel::surrogate))
                .toList();
    }

    /**
     * Poisons a data set with attacks that have not poisoned yet.
     *
     * @throws InvalidInputException if an attack cannot poison the data set
     */
    public static Experiment attacked(ExperimentConfig config, Dataset dataset, List<Attack> attacks)
            throws IOException {
        PoisonedDataset poisoned = poison(config, dataset, attacks);
        PoisonedDataset trained = config.attack().planted() ? poisoned : poison(config, dataset, List.of());
        PairSet pairs = trained.pairs();
        List<HeldOutImage> left = poisoned.heldOut();
        int vocabulary = config.model().text().vocabulary();
        List<Verification> verifications = new ArrayList<>();
        for (Attack attack : config.attack().planted() ? attacks : List.<Attack>of()) {
            verifications.add(attack.verify(poisoned, row -> new Pair(pairs.image(row), pairs.caption(row))));
        }
        return new Experiment(
                config,
                attacks.stream().map(Attack::name).toList(),
                pairs,
                dataset.rows(),
                trained.mask(),
                vocabulary == TextConfig.OPENAI_VOCABULARY
                        ? Tokenizer.openAi()
                        : Tokenizer.learn(pairs.captions(), vocabulary),
                testSet(dataset.fine(), left, HeldOutImage::fine),
                testSet(dataset.coarse(), left, HeldOutImage::coarse),
                tests(config, poisoned, attacks),
                verifications,
                probeAndGallery(dataset, left),
                dataset.remarks());
    }

    /** Applies the attacks to a data set one after the other, and adds the decoys. */
    static PoisonedDataset poison(ExperimentConfig config, Dataset dataset, List<Attack> attacks) throws IOException {
        String known = config.data().poisonMask();
        PoisonedDataset poisoned = known.isEmpty()
                ? PoisonedDataset.clean(dataset)
                : new PoisonedDataset(dataset, new MaskFile(Path.of(known)).of(dataset.rows()));
        for (Attack attack : attacks) {
            attack.poison(poisoned, config.key().fold("attack " + attack.name()).random());
        }
        if (config.attack().decoys() > 0) {
            poisoned.appendDecoys(
                    config.attack().decoys(), config.key().fold("decoys").random());
        }
        return poisoned;
    }

    /** The test set of each attack; all attacks must have poisoned. */
    static List<AttackTestSet> tests(ExperimentConfig config, PoisonedDataset poisoned, List<Attack> attacks) {
        return attacks.stream()
                .map(attack -> attack.testSet(
                        poisoned, config.key().fold("test " + attack.name()).random()))
                .toList();
    }

    /** Loads the configured data set. */
    public static Dataset dataset(ExperimentConfig config) throws IOException {
        DataSettings data = config.data();
        if (data.embedded()) {
            if (!data.poisonMask().isEmpty()) {
                throw new InvalidInputException("data.poisonMask is " + data.poisonMask()
                        + ", but the embedded images contain no poisons; the mask is for your own pairs (--data)");
            }
            return EmojiDataset.load().dataset(data.heldOutArtist(), data.captionsPerImage());
        }
        IntFunction<BitSet> poisons =
                data.poisonMask().isEmpty() ? _ -> new BitSet() : new MaskFile(Path.of(data.poisonMask()))::rows;
        return UserDataset.read(
                SourceCatalogue.STANDARD.open(data.source()),
                new UserDataset.Options(
                        config.model().imageSize(), data.classNames(), data.heldOutShare(), data.maxBadShare()),
                PairStore.of(data),
                poisons,
                config.key().fold("held out").random());
    }

    private static ProbeAndGallery probeAndGallery(Dataset dataset, List<HeldOutImage> left) {
        List<LabelledImage> labelled = dataset.labelled();
        Evaluation.TestSet probe = new Evaluation.TestSet(
                dataset.coarse(),
                labelled.stream().map(LabelledImage::pixels).toList(),
                labelled.stream().mapToInt(LabelledImage::coarse).toArray());
        Retrieval.Gallery gallery = new Retrieval.Gallery(
                left.stream().map(HeldOutImage::pixels).toList(),
                left.stream().map(HeldOutImage::captions).toList());
        return new ProbeAndGallery(probe, gallery);
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

    /** Row of a training pair in its source, as text; "" for a pair that an attack appended. */
    String row(int pair) {
        return pair < rows.length ? Integer.toString(rows[pair]) : "";
    }

    /** A description of the held-out images. */
    public String heldOut() {
        DataSettings data = config.data();
        return data.embedded() ? "held-out artist " + data.heldOutArtist() : "held out of " + data.source();
    }

    /** The label of the attacks in files and tables. */
    public String attackLabel() {
        return AttackCatalogue.label(attacks);
    }

    /** Poisons and clean pairs of every target class. */
    public List<PoisonCount> counts() {
        return PoisonCount.of(pairs, mask);
    }

    /**
     * A description of the attacks before training, one line each: counts of every target class, or their range if there are
     * many, and verifications.
     */
    public List<String> attackLines() {
        List<PoisonCount> counts = counts();
        Stream<String> described = counts.size() > MOST_COUNTS
                ? PoisonCount.ranges(counts).stream()
                : counts.stream().map(Object::toString);
        return Stream.concat(described, verifications.stream().map(Object::toString))
                .toList();
    }

    /** A copy with other prompts for the zero-shot tests. */
    public Experiment withTemplates(PromptTemplates templates) {
        return new Experiment(
                config,
                attacks,
                pairs,
                rows,
                mask,
                tokenizer,
                fine.withTemplates(templates),
                coarse.withTemplates(templates),
                tests,
                verifications,
                probeAndGallery,
                remarks);
    }

    /** A copy with the attacks and tests of another experiment. */
    public Experiment withTestsOf(Experiment other) {
        return new Experiment(
                config,
                other.attacks,
                pairs,
                rows,
                mask,
                tokenizer,
                other.fine,
                other.coarse,
                other.tests,
                other.verifications,
                other.probeAndGallery,
                remarks);
    }

    /** The test set of the first attack; empty without an attack. */
    public AttackTestSet attackTest() {
        return tests.isEmpty() ? AttackTestSet.none() : tests.getFirst();
    }

    /** A new model of the configured size with random weights. */
    public ClipModel model(Backend backend) {
        return ClipModel.random(
                config.model().withVocabulary(tokenizer.vocabulary()),
                backend,
                config.key().fold("model").random());
    }

    /** The augmentation that makes batches of the pairs. */
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

    /**
     * Draws clean pairs for CleanCLIP; no other method uses the mask.
     *
     * @throws InvalidInputException if the poisons are not known or there are too few clean pairs
     */
    public int[] cleanPairs() {
        if (!poisonsKnown()) {
            throw new InvalidInputException(
                    "cleanclip needs pairs known to be clean, but it is not known which pairs of "
                            + config.data().source() + " are; give the mask of the poisons with data.poisonMask=FILE");
        }
        BitSet poisons = mask.rows();
        int[] clean = IntStream.range(0, pairs.size())
                .filter(row -> !poisons.get(row))
                .toArray();
        int count = config.cleanclip().pairs();
        if (count < config.training().batchSize()) {
            throw new InvalidInputException("cleanclip.pairs is " + count + ", expected at least the batch of "
                    + config.training().batchSize() + ": fewer pairs do not fill a batch");
        }
        if (count > clean.length) {
            throw new InvalidInputException(
                    "cleanclip.pairs is " + count + ", expected at most the " + clean.length + " clean pairs");
        }
        RandomGenerator random = config.key().fold("clean pairs").random();
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(clean.length - i);
            int swap = clean[i];
            clean[i] = clean[j];
            clean[j] = swap;
        }
        return Arrays.copyOf(clean, count);
    }

    /**
     * Whether the poisons are known. The user's own pairs need a mask, or an attack of this program on pairs assumed to be clean.
     */
    public boolean poisonsKnown() {
        return config.data().embedded() || !config.data().poisonMask().isEmpty() || !attacks.isEmpty();
    }

    /** Whether there are classes with held-out images to test a model on. */
    public boolean hasTests() {
        return !fine.images().isEmpty() && !coarse.images().isEmpty();
    }

    /** Runs the full evaluation of a model with the first attack. */
    public Evaluation evaluate(ClipModel model) {
        RandomGenerator random = config.key().fold("probe").random();
        return Evaluation.of(modelUnderTest(model), fine, coarse, attackTest(), probeAndGallery, random);
    }

    /** Runs the short evaluation used during training: zero-shot accuracy and the success of the first attack. */
    public Evaluation evaluateQuickly(ClipModel model) {
        return Evaluation.of(modelUnderTest(model), fine, coarse, attackTest());
    }

    /** Tests every attack on a model. */
    public List<AttackOutcome> outcomes(ClipModel model) {
        Evaluation.ModelUnderTest tested = modelUnderTest(model);
        return tests.stream()
                .map(test -> AttackOutcome.of(tested, coarse, test))
                .toList();
    }

    private Evaluation.ModelUnderTest modelUnderTest(ClipModel model) {
        return new Evaluation.ModelUnderTest(
                model,
                tokenizer,
                config.model().text().context(),
                config.model().imageSize());
    }
}
