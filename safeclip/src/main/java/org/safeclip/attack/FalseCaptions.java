package org.safeclip.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.safeclip.data.ClassList;
import org.safeclip.data.Templates;

/** Where the captions of poisons come from. */
public enum FalseCaptions {
    /** Training captions that name the class: a poison reads like any honest pair. */
    GENUINE,
    /** The class put into a prompt drawn by chance, as in the dirty-label backdoors of CleanCLIP. */
    TEMPLATES;

    private static final Templates PROMPTS = new Templates(List.of(
            "a photo of {a} {}",
            "a picture of {a} {}",
            "an image of {a} {}",
            "a drawing of {a} {}",
            "a good picture of {a} {}",
            "a small picture of {a} {}",
            "a close picture of {a} {}",
            "a bright picture of {a} {}",
            "this is {a} {}",
            "one {}"));

    /** The source of that name. */
    public static FalseCaptions of(String name) {
        for (FalseCaptions source : values()) {
            if (source.name().toLowerCase(Locale.ROOT).equals(name)) {
                return source;
            }
        }
        throw new IllegalArgumentException("falseCaptions is \"" + name + "\", expected genuine or templates");
    }

    /**
     * Captions that call something by a class. No genuine caption comes twice before every one came once.
     *
     * @param attack whose refusal it is where no caption names the class
     */
    List<String> draw(String attack, Poisoned pairs, String noun, int count, RandomGenerator random) {
        List<String> drawn = new ArrayList<>(count);
        if (this == TEMPLATES) {
            List<String> prompts =
                    ClassList.of(List.of(noun), PROMPTS).prompts().getFirst();
            for (int i = 0; i < count; i++) {
                drawn.add(prompts.get(random.nextInt(prompts.size())));
            }
            return drawn;
        }
        int[] naming = new Mentions(noun).rows(pairs);
        if (naming.length == 0) {
            throw new IllegalArgumentException(attack + ": no training caption names \"" + noun
                    + "\"; choose a class the captions know, or falseCaptions=templates");
        }
        int[] order = Mentions.draw(naming, naming.length, random);
        for (int i = 0; i < count; i++) {
            drawn.add(pairs.pairs().caption(order[i % order.length]));
        }
        return drawn;
    }
}
