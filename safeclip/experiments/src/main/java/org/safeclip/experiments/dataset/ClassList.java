package org.safeclip.experiments.dataset;

import java.util.List;
import org.safeclip.settings.InvalidInputException;

/** The classes of a zero-shot test: names, and for each class the filled prompts whose embeddings are averaged. */
public record ClassList(List<String> names, List<List<String>> prompts) {

    /**
     * Copies the lists.
     *
     * @throws InvalidInputException if a class has no prompts
     */
    public ClassList {
        names = List.copyOf(names);
        prompts = prompts.stream().map(List::copyOf).toList();
        if (names.size() != prompts.size()) {
            throw new InvalidInputException("class list has " + names.size() + " names but " + prompts.size()
                    + " prompt lists: give one list per name");
        }
        for (int i = 0; i < names.size(); i++) {
            if (prompts.get(i).isEmpty()) {
                throw new InvalidInputException("class \"" + names.get(i) + "\" has no prompt: give at least one");
            }
        }
    }

    /** Fills every template with every name. */
    public static ClassList of(List<String> names, PromptTemplates templates) {
        return new ClassList(names, names.stream().map(templates::filled).toList());
    }

    /** C, the number of classes. */
    public int size() {
        return names.size();
    }
}
