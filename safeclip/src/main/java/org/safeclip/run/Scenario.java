package org.safeclip.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.Config;
import org.safeclip.attack.BadNet;
import org.safeclip.attack.Patch;
import org.safeclip.attack.PoisonMask;
import org.safeclip.attack.Poisoned;
import org.safeclip.attack.TargetedPoison;
import org.safeclip.data.ClassList;
import org.safeclip.data.EmojiSet;
import org.safeclip.data.Kind;
import org.safeclip.data.Labelled;
import org.safeclip.data.PairSet;
import org.safeclip.data.TextViews;
import org.safeclip.data.Tokenizer;
import org.safeclip.data.Views;
import org.safeclip.eval.AttackTest;
import org.safeclip.eval.Evaluation;
import org.safeclip.model.ClipModel;

/**
 * Everything around a training on the embedded pictures: the poisoned pairs, which of them are poisons (for diagnosis only),
 * and what the model is asked afterwards.
 *
 * @param config all settings
 * @param attack what was done to the pairs
 * @param pairs what training sees
 * @param mask which of them are poisons
 * @param tokenizer learned from the captions training sees
 * @param concepts held-out pictures and the concrete concepts
 * @param kinds held-out pictures and the kinds
 * @param attackTest the pictures the attacker wants misread, as kinds
 * @param cleanTest the same pictures before they got their trigger; no pictures where there is none
 */
public record Scenario(
        Config config,
        AttackKind attack,
        PairSet pairs,
        PoisonMask mask,
        Tokenizer tokenizer,
        Evaluation.TestSet concepts,
        Evaluation.TestSet kinds,
        AttackTest attackTest,
        AttackTest cleanTest) {

    /** Refuses settings that do not go with the pairs, before anything is written or trained. */
    public Scenario {
        config.modelShape(pairs.imageSize(), tokenizer.vocabulary()); // throws where no such model can be
        if (pairs.size() < config.batch()) {
            throw new IllegalArgumentException("batch is " + config.batch() + ", expected at most the " + pairs.size()
                    + " pairs there are: with fewer there is no step to take");
        }
    }

    /** The attacks there are. */
    public enum AttackKind {
        /** Nobody attacks. */
        NONE,
        /** Chosen held-out pictures are to be taken for chosen kinds. */
        TARGETED,
        /** Every picture with a patch is to be taken for one kind. */
        BADNET;

        /** The name on the command line and in files. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Draws the attack from the configuration's seed and poisons the training pairs. */
    public static Scenario of(Config config, EmojiSet emoji, AttackKind attack) {
        PairSet clean = emoji.train(config.heldOutArtist(), config.captionsPerPicture());
        int[] heldOut = emoji.heldOutPictures(config.heldOutArtist());
        Labelled byKind = emoji.labelledByKind(heldOut);
        Evaluation.TestSet concepts = testSet(emoji, emoji.conceptClasses(), emoji.labelledByConcept(heldOut));
        Evaluation.TestSet kinds = testSet(emoji, emoji.kindClasses(), byKind);
        RandomGenerator random = config.random("attack");
        return switch (attack) {
            case NONE -> {
                PoisonMask mask = PoisonMask.none(clean.size());
                yield scenario(config, attack, clean, mask, concepts, kinds, AttackTest.none(), AttackTest.none());
            }
            case TARGETED -> {
                List<TargetedPoison.HeldOut> candidates = candidates(emoji, byKind);
                TargetedPoison poison = TargetedPoison.draw(
                        candidates, kinds.classes().names(), config.targets(), config.captionsEach(), random);
                Poisoned poisoned = poison.apply(clean, random);
                AttackTest test = test(poison, kinds.classes());
                yield scenario(
                        config,
                        attack,
                        poisoned.pairs(),
                        poisoned.mask(),
                        concepts.without(test.pictures()),
                        kinds.without(test.pictures()),
                        test,
                        AttackTest.none());
            }
            case BADNET -> {
                Kind target = emoji.kinds().get(random.nextInt(emoji.kinds().size()));
                Patch patch = Patch.forSide(EmojiSet.SIDE);
                BadNet backdoor = new BadNet(patch, target.noun(), config.backdoorPoisons());
                Poisoned poisoned = backdoor.apply(clean, random);
                AttackTest unmarked = others(emoji, byKind, target);
                List<byte[]> stamped =
                        unmarked.pictures().stream().map(backdoor::stamp).toList();
                AttackTest test = new AttackTest(stamped, unmarked.truths(), unmarked.wanted());
                yield scenario(config, attack, poisoned.pairs(), poisoned.mask(), concepts, kinds, test, unmarked);
            }
        };
    }

    private static Scenario scenario(
            Config config,
            AttackKind attack,
            PairSet pairs,
            PoisonMask mask,
            Evaluation.TestSet concepts,
            Evaluation.TestSet kinds,
            AttackTest test,
            AttackTest unmarked) {
        Tokenizer tokenizer = Tokenizer.learn(pairs.captions(), config.vocabulary());
        return new Scenario(config, attack, pairs, mask, tokenizer, concepts, kinds, test, unmarked);
    }

    private static Evaluation.TestSet testSet(EmojiSet emoji, ClassList classes, Labelled labelled) {
        List<byte[]> pictures =
                Arrays.stream(labelled.pictures()).mapToObj(emoji::image).toList();
        return new Evaluation.TestSet(classes, pictures, labelled.labels());
    }

    private static List<TargetedPoison.HeldOut> candidates(EmojiSet emoji, Labelled byKind) {
        List<TargetedPoison.HeldOut> candidates = new ArrayList<>();
        for (int i = 0; i < byKind.size(); i++) {
            int picture = byKind.pictures()[i];
            String kind = emoji.kinds().get(byKind.labels()[i]).noun();
            candidates.add(new TargetedPoison.HeldOut(
                    emoji.image(picture), emoji.picture(picture).name(), kind));
        }
        return candidates;
    }

    private static AttackTest test(TargetedPoison poison, ClassList kinds) {
        List<byte[]> pictures = new ArrayList<>();
        List<String> truths = new ArrayList<>();
        int[] wanted = new int[poison.targets().size()];
        for (TargetedPoison.Target target : poison.targets()) {
            wanted[pictures.size()] = kinds.names().indexOf(target.adversarialClass());
            pictures.add(target.picture().pixels());
            truths.add(target.picture().name());
        }
        return new AttackTest(pictures, truths, wanted);
    }

    private static AttackTest others(EmojiSet emoji, Labelled byKind, Kind target) {
        List<byte[]> pictures = new ArrayList<>();
        List<String> truths = new ArrayList<>();
        for (int i = 0; i < byKind.size(); i++) {
            if (byKind.labels()[i] != target.id()) {
                pictures.add(emoji.image(byKind.pictures()[i]));
                truths.add(emoji.picture(byKind.pictures()[i]).name());
            }
        }
        int[] wanted = new int[pictures.size()];
        Arrays.fill(wanted, target.id());
        return new AttackTest(pictures, truths, wanted);
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
        BitSet poisons = mask.rows();
        int[] honest = IntStream.range(0, pairs.size())
                .filter(row -> !poisons.get(row))
                .toArray();
        int count = config.cleanclipPairs();
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

    /** Asks a model everything. */
    public Evaluation evaluate(ClipModel model) {
        return evaluate(model, attackTest);
    }

    /** The same with the triggers taken off: how often the wanted class comes up by itself. */
    public Evaluation evaluateUnmarked(ClipModel model) {
        return evaluate(model, cleanTest);
    }

    private Evaluation evaluate(ClipModel model, AttackTest test) {
        return Evaluation.of(model, tokenizer, config.context(), EmojiSet.SIDE, concepts, kinds, test);
    }
}
