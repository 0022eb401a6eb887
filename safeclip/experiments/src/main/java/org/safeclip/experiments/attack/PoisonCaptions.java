package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.settings.InvalidInputException;

/** Where the captions of poisons come from. */
public enum PoisonCaptions {
    /** Training captions that name the class: a poison reads like any honest pair. */
    GENUINE,
    /** The class put into a prompt drawn by chance, as in the dirty-label backdoors of CleanCLIP. */
    TEMPLATES;

    private static final PromptTemplates PROMPTS = new PromptTemplates(List.of(
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

    /**
     * Captions that name a class. No genuine caption is used twice before every one was used once.
     *
     * @param attack named where no caption names the class
     */
    List<String> draw(String attack, PoisonedDataset data, String noun, int count, RandomGenerator random) {
        List<String> drawn = new ArrayList<>(count);
        if (this == TEMPLATES) {
            List<String> prompts =
                    ClassList.of(List.of(noun), PROMPTS).prompts().getFirst();
            for (int i = 0; i < count; i++) {
                drawn.add(prompts.get(random.nextInt(prompts.size())));
            }
            return drawn;
        }
        int[] naming = data.rowsNaming(noun);
        if (naming.length == 0) {
            throw new InvalidInputException(attack + ": no training caption names \"" + noun
                    + "\"; choose a class the captions know, or attack.captions=templates");
        }
        int[] order = PoisonedDataset.draw(naming, naming.length, random);
        for (int i = 0; i < count; i++) {
            drawn.add(data.pairs().caption(order[i % order.length]));
        }
        return drawn;
    }
}
