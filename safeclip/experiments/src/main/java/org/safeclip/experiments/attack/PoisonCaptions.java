package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.settings.InvalidInputException;

/** Where the captions of poisons come from. */
public enum PoisonCaptions {
    /** Training captions that name the target class, so that a poison reads like a clean pair. */
    GENUINE,
    /** A randomly drawn prompt template filled with the target class, as in the dirty-label backdoors of CleanCLIP. */
    TEMPLATES,
    /** A genuine caption joined to the image's own, so that half of what the poison says is true. */
    MIXED,
    /**
     * Genuine captions that resemble each other as far as there are such, so that near-duplicates with them agree with each other:
     * one drawn at random, and those that share most of their words with it.
     */
    SIMILAR;

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
     * Draws a caption that names a class for each image. A genuine caption is repeated only after every one was used.
     *
     * @param attack name of the attack, for the error message
     * @param noun the class
     * @param images the images before any trigger
     * @throws InvalidInputException if genuine captions are wanted and none names the class
     */
    List<String> draw(
            String attack, PoisonedDataset data, String noun, List<HeldOutImage> images, RandomGenerator random) {
        if (this == TEMPLATES) {
            List<String> prompts =
                    ClassList.of(List.of(noun), PROMPTS).prompts().getFirst();
            return images.stream()
                    .map(_ -> prompts.get(random.nextInt(prompts.size())))
                    .toList();
        }
        int[] naming = data.rowsNaming(noun);
        if (naming.length == 0) {
            throw new InvalidInputException(attack + ": no training caption names \"" + noun
                    + "\"; choose a class that captions name, or set attack.captions=templates");
        }
        List<String> order = IntStream.of(RandomKey.drawn(naming, naming.length, random))
                .mapToObj(data.pairs()::caption)
                .toList();
        List<String> genuine = this == SIMILAR ? similarFirst(order) : order;
        List<String> drawn = new ArrayList<>(images.size());
        for (int i = 0; i < images.size(); i++) {
            String caption = genuine.get(i % genuine.size());
            drawn.add(this == MIXED ? images.get(i).caption() + " and " + caption : caption);
        }
        return drawn;
    }

    /** The captions that share the largest part of their words with the first one first. */
    private static List<String> similarFirst(List<String> captions) {
        Set<String> first = words(captions.getFirst());
        return captions.stream()
                .sorted(Comparator.comparingDouble((String caption) -> -shared(first, words(caption)))) // stable
                .toList();
    }

    /** Size of the intersection over that of the union. */
    private static double shared(Set<String> a, Set<String> b) {
        long common = a.stream().filter(b::contains).count();
        return (double) common / (a.size() + b.size() - common);
    }

    private static Set<String> words(String caption) {
        return Set.copyOf(Arrays.asList(caption.toLowerCase(Locale.ROOT).split("\\W+")));
    }
}
