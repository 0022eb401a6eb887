package org.safeclip.experiments.report;

import java.util.List;
import java.util.Locale;

/**
 * A section of the page.
 *
 * @param title heading
 * @param lead one plain sentence that says how to read it
 * @param content elements below
 */
record Section(String title, String lead, List<Html> content) {
    /** Copies the list. */
    Section {
        content = List.copyOf(content);
    }

    Section(String title, String lead, Html... content) {
        this(title, lead, List.of(content));
    }

    Html html() {
        return Html.of("section")
                .with("id", id())
                .with("aria-labelledby", id() + "-title")
                .add(
                        Html.of("h2", title).with("id", id() + "-title"),
                        Html.of("p", lead).with("class", "lead"))
                .addAll(content);
    }

    private String id() {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    }

    /** Links to the sections. */
    static Html contents(List<Section> sections) {
        Html list = Html.of("ul");
        sections.forEach(section ->
                list.add(Html.of("li").add(Html.of("a", section.title()).with("href", "#" + section.id()))));
        return Html.of("nav")
                .with("class", "contents")
                .with("aria-label", "Sections")
                .add(list);
    }
}
