package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Templates are read from files without comments; the article fits the class name only if the template asks for it. */
class PromptTemplatesTest {
    @TempDir
    Path folder;

    @Test
    void embeddedTemplatesFitTheEmbeddedClasses() {
        assertThat(PromptTemplates.embedded("kinds").filled("insect"))
                .containsExactly("a kind of insect", "insect:", "an insect:", "a picture of an insect");
        assertThat(PromptTemplates.embedded("concepts").filled("guide dog"))
                .containsExactly(
                        "guide dog",
                        "a guide dog",
                        "a picture of a guide dog",
                        "an emoji of a guide dog",
                        "an icon showing a guide dog");
    }

    @Test
    void openAiTemplatesAreUnchanged() {
        List<String> owl = PromptTemplates.embedded("imagenet").filled("owl");
        assertThat(owl).hasSize(80).doesNotHaveDuplicates().contains("a bad photo of a owl.", "itap of my owl.");
    }

    @Test
    void filesAreReadAndInvalidOnesRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.txt"), "# mine\n\n  {a} {} \nthe {}, {a} {}\n");
        assertThat(PromptTemplates.named(file.toString()).filled("owl")).containsExactly("an owl", "the owl, an owl");

        Files.writeString(file, "a photo\n");
        assertThatThrownBy(() -> PromptTemplates.named(file.toString()))
                .hasMessage(file + ": template \"a photo\" has no place for the class name; write {} there");
        Files.writeString(file, "# nothing\n");
        assertThatThrownBy(() -> PromptTemplates.named(file.toString())).hasMessageStartingWith(file + ": no template");
        Files.write(file, "gr\u00fcn {}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PromptTemplates.named(file.toString())).hasMessageContaining("is not UTF-8 text");
        assertThatThrownBy(() -> PromptTemplates.named(folder.toString())).hasMessageContaining("is a folder");
    }
}
