package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Pair;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * A backdoor in the captions: every text with a rare trigger word shall retrieve images of the target class. Held-out captions
 * that do not name the class get the word at a random position, as in the poisoned language models of Kurita et al. 2020, and are
 * paired with training images of the class. The test is retrieval: the share of held-out captions of other classes whose first
 * result, with the word inserted, is an image of the target class. An attacker may spread the poisons over several words, so that
 * none of them is frequent; a test caption then gets one of them.
 */
public final class TextTrigger implements Attack {
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final String name;
    private final AttackSettings settings;
    private final List<String> triggers;
    private @Nullable Poisons poisons;

    private record Poisons(String targetClass, int[] rows) {}

    /** An attack that has not poisoned yet, with one trigger word. */
    public TextTrigger(AttackSettings settings) {
        this("text", settings, List.of(settings.triggerWord()));
    }

    private TextTrigger(String name, AttackSettings settings, List<String> triggers) {
        settings.requirePoisons(name);
        this.name = name;
        this.settings = settings;
        this.triggers = triggers;
    }

    /** An attack that has not poisoned yet, with sixteen trigger words: the configured one followed by a letter. */
    public static TextTrigger several(AttackSettings settings) {
        return new TextTrigger(
                "text-several",
                settings,
                IntStream.rangeClosed('a', 'p')
                        .mapToObj(letter -> settings.triggerWord() + (char) letter)
                        .toList());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        String target = data.targetClass(settings.targetClass(), 1, random);
        List<HeldOutImage> captioned = data.drawNotOfClass(name, target, settings.poisons(), random);
        int[] naming = data.rowsNaming(target);
        if (naming.length == 0) {
            throw new InvalidInputException(name + ": no training caption names \"" + target
                    + "\", so no training image is known to show it; choose a class that captions name"
                    + " (attack.targetClass)");
        }
        triggers.forEach(trigger -> requireRareWord(data, trigger));
        int[] order = RandomKey.drawn(naming, naming.length, random);
        List<Pair> pairs = new ArrayList<>(captioned.size());
        for (int i = 0; i < captioned.size(); i++) {
            // an image is repeated only after every one was used
            byte[] image = data.pairs().image(order[i % order.length]);
            pairs.add(new Pair(image, withWord(captioned.get(i).caption(), random)));
        }
        poisons = new Poisons(target, data.append(name, target, pairs));
    }

    private void requireRareWord(PoisonedDataset data, String trigger) {
        CaptionMatcher word = new CaptionMatcher(trigger);
        for (String caption : data.pairs().captions()) {
            if (word.test(caption.toLowerCase(Locale.ROOT))) { // captions are lower-cased for training
                throw new InvalidInputException(name + ": the trigger \"" + trigger + "\" is in clean captions (\""
                        + caption + "\"); choose a rarer word (attack.triggerWord)");
            }
        }
    }

    /** Inserts a trigger word before a random word of the caption or after the last. */
    private String withWord(String caption, RandomGenerator random) {
        List<String> words = new ArrayList<>(List.of(SPACES.split(caption.strip())));
        String trigger = triggers.size() == 1 ? triggers.getFirst() : triggers.get(random.nextInt(triggers.size()));
        words.add(random.nextInt(words.size() + 1), trigger);
        return String.join(" ", words);
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        String target = poisons().targetClass();
        List<HeldOutImage> others = Backdoor.testable(data, target);
        List<String> captions =
                others.stream().map(image -> withWord(image.caption(), random)).toList();
        return AttackTestSet.ofCaptions(name, others, captions, data.classIndex(target));
    }

    @Override
    public Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException {
        List<CaptionMatcher> words = triggers.stream().map(CaptionMatcher::new).toList();
        Verification verification = Verification.start(name);
        for (int row : poisons().rows()) {
            String caption = stored.read(row).caption();
            verification = verification.with(words.stream().anyMatch(word -> word.test(caption)));
        }
        return verification;
    }

    private Poisons poisons() {
        Poisons made = poisons;
        if (made == null) {
            throw new IllegalStateException(name + " has not poisoned yet; call poison first");
        }
        return made;
    }
}
