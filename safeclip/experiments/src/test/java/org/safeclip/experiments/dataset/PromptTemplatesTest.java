package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PromptTemplates come from files, remarks left out; only where the article is asked for does it fit the name. */
class PromptTemplatesTest {
    @TempDir
    Path folder;

    @Test
    void theEmbeddedOnesFitTheEmbeddedPictures() {
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
    void openAisAreEightyAndUnchanged() {
        List<String> owl = PromptTemplates.embedded("imagenet").filled("owl");
        assertThat(owl).hasSize(80).doesNotHaveDuplicates().contains("a bad photo of a owl.", "itap of my owl.");
    }

    @Test
    void filesAreReadAndBadOnesRefusedByName() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.txt"), "# mine\n\n  {a} {} \nthe {}, {a} {}\n");
        assertThat(PromptTemplates.named(file.toString()).filled("owl")).containsExactly("an owl", "the owl, an owl");

        Files.writeString(file, "a photo\n");
        assertThatThrownBy(() -> PromptTemplates.named(file.toString()))
                .hasMessage(file + ": template \"a photo\" has no place for the name of a class: write {} there");
        Files.writeString(file, "# nothing\n");
        assertThatThrownBy(() -> PromptTemplates.named(file.toString())).hasMessageStartingWith(file + ": no template");
        Files.write(file, "gr\u00fcn {}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PromptTemplates.named(file.toString())).hasMessageContaining("is no UTF-8 text");
        assertThatThrownBy(() -> PromptTemplates.named(folder.toString())).hasMessageContaining("is a folder");
    }
}
