package org.safeclip.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.TextConfig;
import org.safeclip.model.VisionConfig;

/** Models whose training step is measured. */
public enum StepModel {
    /** The demo's model: four convolutions for images of 32x32, one layer of text of width 64. */
    TINY(32, 128, new VisionConfig(List.of(32, 64, 128, 192), 0, List.of(), 96, 0, 3, true), text(2048, 32, 64, 1, 2)),
    /**
     * 17 tokens per image of 32x32 and 16 per caption, both of width 128 in 4 layers of 4 heads: 20.7 GFLOP per step of
     * 128 pairs.
     */
    SMALL(32, 128, transformer(8, 128, 4, 4), text(2048, 16, 128, 4, 4)),
    /** 65 tokens per image of 32x32, width 192, 6 layers, 3 heads; captions of 32 tokens as above: 160.6 GFLOP. */
    BASE(32, 128, transformer(4, 192, 6, 3), text(2048, 32, 128, 4, 4)),
    /** CLIP's ViT-B/32 for images of 224x224 (Radford et al. 2021, table 20). */
    VITB32(224, 512, transformer(32, 768, 12, 12), text(49408, 77, 512, 12, 8)),
    /** CLIP's RN50 for images of 224x224 (Radford et al. 2021, table 19). */
    RN50(224, 1024, new VisionConfig(List.of(), 0, List.of(3, 4, 6, 3), 64, 0, 32, false), text(49408, 77, 512, 12, 8));

    /** Batch size B of the step that is measured on the processor. */
    public static final int BATCH = 128;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and copied lists
    private final ClipConfig config;

    StepModel(int imageSize, int embedding, VisionConfig vision, TextConfig text) {
        config = new ClipConfig(imageSize, embedding, true, vision, text);
    }

    private static VisionConfig transformer(int patch, int width, int layers, int heads) {
        return new VisionConfig(List.of(), patch, List.of(), width, layers, heads, false);
    }

    private static TextConfig text(int vocabulary, int context, int width, int layers, int heads) {
        return new TextConfig(vocabulary, context, width, layers, heads);
    }

    /** The model with this name; throws an IllegalArgumentException if there is none. */
    public static StepModel of(String name) {
        for (StepModel model : values()) {
            if (model.label().equals(name)) {
                return model;
            }
        }
        throw new IllegalArgumentException("there is no model '" + name + "'; expected one of "
                + Arrays.stream(values()).map(StepModel::label).collect(Collectors.joining(", ")));
    }

    /** Name for display. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Sizes of the model. */
    public ClipConfig config() {
        return config;
    }
}
