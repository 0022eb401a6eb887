package org.safeclip.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.TextConfig;
import org.safeclip.model.VisionConfig;

/** The presets have the model sizes that the tests of the method module check. */
class PresetSizesTest {
    private static final TextConfig TEXT_OF_CLIP = new TextConfig(TextConfig.OPENAI_VOCABULARY, 77, 512, 12, 8);

    @Test
    void vitB32IsThePublishedModel() {
        VisionConfig vision = new VisionConfig(List.of(), 32, List.of(), 768, 12, 12, false);
        assertThat(model("vit-b-32")).isEqualTo(new ClipConfig(224, 512, true, vision, TEXT_OF_CLIP));
    }

    @Test
    void rn50IsThePublishedModel() {
        VisionConfig vision = new VisionConfig(List.of(), 0, List.of(3, 4, 6, 3), 64, 0, 32, true);
        assertThat(model("rn50")).isEqualTo(new ClipConfig(224, 1024, true, vision, TEXT_OF_CLIP));
    }

    @Test
    void smallIsATransformerAndTheOthersHaveDefaultSizes() {
        VisionConfig vision = new VisionConfig(List.of(), 4, List.of(), 128, 4, 4, false);
        TextConfig text = new TextConfig(4096, 32, 128, 2, 4);
        assertThat(model("small")).isEqualTo(new ClipConfig(32, 128, true, vision, text));
        assertThat(model("tiny")).isEqualTo(ClipConfig.defaults());
        assertThat(model("quick")).isEqualTo(ClipConfig.defaults());
    }

    private static ClipConfig model(String preset) {
        return ConfigFile.preset(preset, List.of()).model();
    }
}
