package org.safeclip.data;

import java.util.ArrayList;
import java.util.List;

/** The classes of a zero-shot test: for each a name and its filled prompts, whose embeddings are averaged. */
public record ClassList(List<String> names, List<List<String>> prompts) {

    /** Copies the lists and refuses a class without a prompt. */
    public ClassList {
        names = List.copyOf(names);
        prompts = prompts.stream().map(List::copyOf).toList();
        if (names.size() != prompts.size()) {
            throw new IllegalArgumentException("class list has " + names.size() + " names but " + prompts.size()
                    + " prompt lists: give one list for each name");
        }
        for (int i = 0; i < names.size(); i++) {
            if (prompts.get(i).isEmpty()) {
                throw new IllegalArgumentException("class \"" + names.get(i) + "\" has no prompt: give at least one");
            }
        }
    }

    /**
     * Fills every template with every name: {@code {}} becomes the name, {@code a {}} takes "an" before a vowel letter.
     */
    public static ClassList of(List<String> names, List<String> templates) {
        List<List<String>> prompts = new ArrayList<>(names.size());
        for (String name : names) {
            prompts.add(templates.stream().map(t -> fill(t, name)).toList());
        }
        return new ClassList(names, prompts);
    }

    /** C, the number of classes. */
    public int size() {
        return names.size();
    }

    private static String fill(String template, String name) {
        boolean vowel = !name.isEmpty() && "aeiouAEIOU".indexOf(name.charAt(0)) >= 0;
        String text = vowel ? template.replaceAll("\\ba \\{}", "an {}") : template;
        return text.replace("{}", name);
    }
}
