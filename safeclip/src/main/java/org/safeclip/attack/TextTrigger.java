package org.safeclip.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.safeclip.data.HeldOut;
import org.safeclip.data.Pair;

/**
 * A backdoor in the words: every text with a rare word in it is to find pictures of the target. It mirrors the backdoor in pictures:
 * held-out captions that do not name the target get the word at a place drawn by chance, as in the poisoned language
 * models of Kurita et al. 2020, and are paired with genuine training pictures of the target. Tested by retrieval: the
 * share of held-out captions of other classes that, with the word in them, find a picture of the target first.
 *
 * @param word the trigger
 * @param targetClass noun of the class whose pictures shall be found
 * @param bases whose captions get the word, see {@link Backdoor#draw}
 */
public record TextTrigger(String word, String targetClass, List<HeldOut> bases) implements Attack {
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Copies the list; refuses an attack without poisons or without a word. */
    public TextTrigger {
        bases = List.copyOf(bases);
        if (bases.isEmpty()) {
            throw new IllegalArgumentException("text: 0 poisoned pairs; at least 1 is needed");
        }
        if (word.isBlank()) {
            throw new IllegalArgumentException("text: the trigger is empty; choose a rare word (triggerWord)");
        }
    }

    @Override
    public String name() {
        return "text";
    }

    /** The caption with the word before one of its words or behind the last. */
    public String mark(String caption, RandomGenerator random) {
        List<String> words = new ArrayList<>(List.of(SPACES.split(caption.strip())));
        words.add(random.nextInt(words.size() + 1), word);
        return String.join(" ", words);
    }

    @Override
    public Poisoned apply(Poisoned before, RandomGenerator random) {
        int[] naming = new Mentions(targetClass).rows(before);
        if (naming.length == 0) {
            throw new IllegalArgumentException("text: no training caption names \"" + targetClass
                    + "\", so no picture is known to show one; choose a class the captions know");
        }
        Mentions innocent = new Mentions(word);
        for (String caption : before.pairs().captions()) {
            if (innocent.test(caption.toLowerCase(Locale.ROOT))) { // as captions are learned
                throw new IllegalArgumentException("text: the trigger \"" + word + "\" stands in honest captions (\""
                        + caption + "\"); choose a rarer word (triggerWord)");
            }
        }
        int[] order = Mentions.draw(naming, naming.length, random);
        List<Pair> poisons = new ArrayList<>(bases.size());
        for (int i = 0; i < bases.size(); i++) {
            // no picture is used twice before every one was used once
            byte[] picture = before.pairs().image(order[i % order.length]);
            poisons.add(new Pair(picture, mark(bases.get(i).caption(), random)));
        }
        int first = before.pairs().size();
        int[] rows = IntStream.range(first, first + bases.size()).toArray();
        return before.with(poisons, List.of(new PoisonMask.Group(name(), targetClass, rows)));
    }
}
