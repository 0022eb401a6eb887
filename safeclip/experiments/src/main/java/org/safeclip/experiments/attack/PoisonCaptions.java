package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.settings.InvalidInputException;

/** Where the captions of poisons come from. */
public enum PoisonCaptions {
    /** Training captions that name the target class, so that a poison reads like a clean pair. */
    GENUINE,
    /** A randomly drawn prompt template filled with the target class, as in the dirty-label backdoors of CleanCLIP. */
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
     * Draws captions that name a class. A genuine caption is repeated only after every one was used.
     *
     * @param attack name of the attack, for the error message
     * @param noun the class
     * @throws InvalidInputException if genuine captions are wanted and none names the class
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
                    + "\"; choose a class that captions name, or set attack.captions=templates");
        }
        int[] order = PoisonedDataset.draw(naming, naming.length, random);
        for (int i = 0; i < count; i++) {
            drawn.add(data.pairs().caption(order[i % order.length]));
        }
        return drawn;
    }
}
