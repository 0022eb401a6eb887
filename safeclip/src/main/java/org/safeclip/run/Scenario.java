package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.safeclip.Config;
import org.safeclip.attack.PoisonCount;
import org.safeclip.attack.PoisonMask;
import org.safeclip.attack.Verified;
import org.safeclip.data.ClassList;
import org.safeclip.data.Corpus;
import org.safeclip.data.CsvCorpus;
import org.safeclip.data.EmojiSet;
import org.safeclip.data.HeldOut;
import org.safeclip.data.Lesson;
import org.safeclip.data.PairSet;
import org.safeclip.data.Templates;
import org.safeclip.data.TextViews;
import org.safeclip.data.Tokenizer;
import org.safeclip.data.Views;
import org.safeclip.eval.AttackOutcome;
import org.safeclip.eval.AttackTest;
import org.safeclip.eval.Evaluation;
import org.safeclip.eval.Retrieval;
import org.safeclip.eval.Study;
import org.safeclip.model.ClipModel;

/**
 * Everything around a training: the poisoned pairs, which of them are poisons (for diagnosis only), and what the model is
 * asked afterwards, on pictures that neither training nor a poison ever showed it.
 *
 * @param config all settings
 * @param attacks what was done to the pairs, in order
 * @param pairs what training sees
 * @param mask which of them are poisons
 * @param tokenizer learned from the captions training sees
 * @param concepts held-out pictures and the fine classes
 * @param kinds held-out pictures and the coarse classes
 * @param trials one for each attack, in order
 * @param verified what the poisons of each attack hold
 * @param study for the longer half of the evaluation
 */
public record Scenario(
        Config config,
        List<AttackKind> attacks,
        PairSet pairs,
        PoisonMask mask,
        Tokenizer tokenizer,
        Evaluation.TestSet concepts,
        Evaluation.TestSet kinds,
        List<Trial> trials,
        List<Verified> verified,
        Study study) {

    /**
     * The test of one attack.
     *
     * @param marked what the attacker wants misread
     * @param unmarked the same before it got its trigger; empty where there is none
     */
    public record Trial(AttackTest marked, AttackTest unmarked) {}

    /** Refuses settings that do not go with the pairs, before anything is written or trained. */
    public Scenario {
        attacks = List.copyOf(attacks);
        trials = List.copyOf(trials);
        verified = List.copyOf(verified);
        config.modelShape(tokenizer.vocabulary()); // throws where no such model can be
    }

    /** Draws the attacks from the configuration's seed and poisons the training pairs of the configured source. */
    public static Scenario of(Config config, List<AttackKind> attacks) throws IOException {
        return of(config, corpus(config), attacks);
    }

    /** What the configuration names as its data. */
    public static Corpus corpus(Config config) throws IOException {
        if (config.embeddedData()) {
            if (!config.poisonMask().isEmpty()) {
                throw new IllegalArgumentException("poisonMask is " + config.poisonMask()
                        + ", but the embedded pictures hold no poison; it belongs to pairs of your own (--data)");
            }
            return EmojiSet.load().corpus(config.heldOutArtist(), config.captionsPerPicture());
        }
        List<String> classes = Pattern.compile(",")
                .splitAsStream(config.classes())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        RandomGenerator random = config.random("held out");
        BitSet poisons =
                config.poisonMask().isEmpty() ? new BitSet() : new MaskFile(Path.of(config.poisonMask())).rows();
        return CsvCorpus.read(
                Path.of(config.data()), config.imageSize(), classes, config.heldOutShare(), poisons, random);
    }

    /** The same on data at hand. */
    public static Scenario of(Config config, Corpus corpus, List<AttackKind> attacks) throws IOException {
        Campaign campaign = new Campaign(config, corpus);
        attacks.forEach(campaign::strike);
        List<HeldOut> left = campaign.left();
        PairSet pairs = campaign.poisoned().pairs();
        Tokenizer tokenizer = config.vocabulary() == Config.OPENAI_VOCABULARY
                ? Tokenizer.openAi()
                : Tokenizer.learn(pairs.captions(), config.vocabulary());
        return new Scenario(
                config,
                attacks,
                pairs,
                campaign.poisoned().mask(),
                tokenizer,
                testSet(corpus.concepts(), left, HeldOut::concept),
                testSet(corpus.kinds(), left, HeldOut::kind),
                new Trials(config, corpus.kinds(), left).of(campaign.strikes()),
                PoisonCheck.inMemory(corpus, campaign).verify(),
                study(corpus, left));
    }

    private static Study study(Corpus corpus, List<HeldOut> left) {
        List<Lesson> lessons = corpus.lessons();
        Evaluation.TestSet taught = new Evaluation.TestSet(
                corpus.kinds(),
                lessons.stream().map(Lesson::pixels).toList(),
                lessons.stream().mapToInt(Lesson::kind).toArray());
        Retrieval.Gallery gallery = new Retrieval.Gallery(
                left.stream().map(HeldOut::pixels).toList(),
                left.stream().map(HeldOut::captions).toList());
        return new Study(taught, gallery);
    }

    private static Evaluation.TestSet testSet(
            ClassList classes, List<HeldOut> pictures, ToIntFunction<HeldOut> classOf) {
        List<HeldOut> labelled = pictures.stream()
                .filter(picture -> classOf.applyAsInt(picture) >= 0)
                .toList();
        int[] labels = labelled.stream().mapToInt(classOf).toArray();
        return new Evaluation.TestSet(
                classes, labelled.stream().map(HeldOut::pixels).toList(), labels);
    }

    /** Where the tests come from, in words. */
    public String heldOut() {
        return config.embeddedData() ? "held-out artist " + config.heldOutArtist() : "held out of " + config.data();
    }

    /** The name of the attacks in files and tables. */
    public String attackLabel() {
        return AttackKind.label(attacks);
    }

    /** Poisons against clean pairs of the class, for every target. */
    public List<PoisonCount> counts() {
        return PoisonCount.of(pairs, mask);
    }

    /** What is known of the attacks before anything is trained, a line each. */
    public List<String> attackLines() {
        return Stream.concat(counts().stream(), verified.stream())
                .map(Object::toString)
                .toList();
    }

    /** The same, asked for classes in other words. */
    public Scenario asked(Templates templates) {
        return new Scenario(
                config,
                attacks,
                pairs,
                mask,
                tokenizer,
                concepts.asked(templates),
                kinds.asked(templates),
                trials,
                verified,
                study);
    }

    /** What this one trained, asked what another one asks. */
    public Scenario askedAs(Scenario other) {
        return new Scenario(
                config,
                other.attacks,
                pairs,
                mask,
                tokenizer,
                other.concepts,
                other.kinds,
                other.trials,
                other.verified,
                other.study);
    }

    /** The test of the first attack; the empty one where nobody attacked. */
    public AttackTest attackTest() {
        return trials.isEmpty() ? AttackTest.none() : trials.getFirst().marked();
    }

    /** The views for matching pictures with captions: weaker ones. */
    public Views gentleViews() {
        return views().with(config.imageViews().weaker((float) config.crossModalStrength()));
    }

    /** The views for matching within a modality. */
    public Views views() {
        Views views =
                new Views(pairs, config.imageViews(), TextViews.embedded(), tokenizer, config.context(), config.seed());
        return config.staticTexts() ? views.withStaticTexts() : views;
    }

    /** Honest pairs for a defence that needs to be told some: drawn with the mask in hand, which no other method sees. */
    public int[] cleanPairs() {
        if (!poisonsKnown()) {
            throw new IllegalArgumentException("cleanclip needs pairs known to be clean, and nobody says which of "
                    + config.data() + " are; name the poisons with poisonMask=FILE");
        }
        BitSet poisons = mask.rows();
        int[] honest = IntStream.range(0, pairs.size())
                .filter(row -> !poisons.get(row))
                .toArray();
        int count = config.cleanclipPairs();
        if (count < config.batch()) {
            throw new IllegalArgumentException("cleanclipPairs is " + count + ", expected at least the batch of "
                    + config.batch() + ": with fewer there is no step to take");
        }
        if (count > honest.length) {
            throw new IllegalArgumentException("cleanclipPairs is " + count + ", expected at most the " + honest.length
                    + " honest pairs there are");
        }
        RandomGenerator random = config.random("clean pairs");
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(honest.length - i);
            int swap = honest[i];
            honest[i] = honest[j];
            honest[j] = swap;
        }
        return Arrays.copyOf(honest, count);
    }

    /** Whether it is known which pairs are poisons: of a list of the user's only with a mask, or if it was clean before. */
    public boolean poisonsKnown() {
        return config.embeddedData() || !config.poisonMask().isEmpty() || !attacks.isEmpty();
    }

    /** Whether there are classes and held-out pictures of them to ask a model about. */
    public boolean canBeAsked() {
        return !concepts.pictures().isEmpty() && !kinds.pictures().isEmpty();
    }

    /** Asks a model everything, of attacks the first. */
    public Evaluation evaluate(ClipModel model) {
        return Evaluation.of(asker(model), concepts, kinds, attackTest(), study, config.random("probe"));
    }

    /** What is cheap to ask, while a model is trained: zero-shot accuracy and the first attack. */
    public Evaluation glance(ClipModel model) {
        return Evaluation.of(asker(model), concepts, kinds, attackTest());
    }

    /** Asks a model about every attack. */
    public List<AttackOutcome> outcomes(ClipModel model) {
        Evaluation.Asker asker = asker(model);
        return trials.stream()
                .map(trial -> AttackOutcome.of(asker, kinds, trial.marked(), trial.unmarked()))
                .toList();
    }

    /** How a model of this scenario is asked. */
    private Evaluation.Asker asker(ClipModel model) {
        return new Evaluation.Asker(model, tokenizer, config.context(), config.imageSize());
    }
}
