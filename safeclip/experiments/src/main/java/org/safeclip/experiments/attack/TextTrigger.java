package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Pair;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * A backdoor in the captions: every text with a rare trigger word shall retrieve images of the target class. Held-out captions
 * that do not name the class get the word at a random position, as in the poisoned language models of Kurita et al. 2020, and are
 * paired with training images of the class. The test is retrieval: the share of held-out captions of other classes whose first
 * result, with the word inserted, is an image of the target class.
 */
public final class TextTrigger implements Attack {
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final AttackSettings settings;
    private @Nullable Poisons poisons;

    private record Poisons(String targetClass, int[] rows) {}

    /** An attack that has not poisoned yet. */
    public TextTrigger(AttackSettings settings) {
        settings.requirePoisons("text");
        this.settings = settings;
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        String target = data.targetClass(settings.targetClass(), 1, random);
        List<HeldOutImage> captioned = data.drawNotOfClass(name(), target, settings.poisons(), random);
        int[] naming = data.rowsNaming(target);
        if (naming.length == 0) {
            throw new InvalidInputException("text: no training caption names \"" + target
                    + "\", so no training image is known to show it; choose a class that captions name"
                    + " (attack.targetClass)");
        }
        requireRareWord(data);
        int[] order = PoisonedDataset.draw(naming, naming.length, random);
        List<Pair> pairs = new ArrayList<>(captioned.size());
        for (int i = 0; i < captioned.size(); i++) {
            // an image is repeated only after every one was used
            byte[] image = data.pairs().image(order[i % order.length]);
            pairs.add(new Pair(image, withWord(captioned.get(i).caption(), random)));
        }
        poisons = new Poisons(target, data.append(name(), target, pairs));
    }

    private void requireRareWord(PoisonedDataset data) {
        CaptionMatcher word = new CaptionMatcher(settings.triggerWord());
        for (String caption : data.pairs().captions()) {
            if (word.test(caption.toLowerCase(Locale.ROOT))) { // captions are lower-cased for training
                throw new InvalidInputException("text: the trigger \"" + settings.triggerWord()
                        + "\" is in clean captions (\"" + caption + "\"); choose a rarer word (attack.triggerWord)");
            }
        }
    }

    /** Inserts the trigger word before a random word of the caption or after the last. */
    private String withWord(String caption, RandomGenerator random) {
        List<String> words = new ArrayList<>(List.of(SPACES.split(caption.strip())));
        words.add(random.nextInt(words.size() + 1), settings.triggerWord());
        return String.join(" ", words);
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        String target = poisons().targetClass();
        List<HeldOutImage> others = Backdoor.testable(data, target);
        List<String> captions =
                others.stream().map(image -> withWord(image.caption(), random)).toList();
        return AttackTestSet.ofCaptions(name(), others, captions, data.classIndex(target));
    }

    @Override
    public Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException {
        CaptionMatcher word = new CaptionMatcher(settings.triggerWord());
        Verification verification = Verification.start(name());
        for (int row : poisons().rows()) {
            verification = verification.with(word.test(stored.read(row).caption()));
        }
        return verification;
    }

    private Poisons poisons() {
        Poisons made = poisons;
        if (made == null) {
            throw new IllegalStateException("text has not poisoned yet; call poison first");
        }
        return made;
    }
}
