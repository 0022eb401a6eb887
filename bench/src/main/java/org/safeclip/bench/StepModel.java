package org.safeclip.bench;

import java.util.List;
import java.util.Locale;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.TextConfig;
import org.safeclip.model.VisionConfig;

/** Models whose training step is measured, for images of 32x32 and a vocabulary of 2048. */
public enum StepModel {
    /**
     * 17 tokens per image and 16 per caption, both of width 128 in 4 layers of 4 heads: 20.7 GFLOP per step of 128
     * pairs.
     */
    SMALL(8, 128, 4, 4, 16),
    /** 65 tokens a picture, width 192, 6 layers, 3 heads; captions of 32 tokens as above: 160.6 GFLOP. */
    BASE(4, 192, 6, 3, 32);

    /** Batch size B of the measured step. */
    public static final int BATCH = 128;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and copied lists
    private final ClipConfig config;

    StepModel(int patch, int width, int layers, int heads, int context) {
        config = new ClipConfig(
                32,
                128,
                true,
                new VisionConfig(List.of(), patch, List.of(), width, layers, heads, false),
                new TextConfig(2048, context, 128, 4, 4));
    }

    /** The model with this name; throws an IllegalArgumentException if there is none. */
    public static StepModel of(String name) {
        for (StepModel model : values()) {
            if (model.label().equals(name)) {
                return model;
            }
        }
        throw new IllegalArgumentException("there is no model '" + name + "'; expected small or base");
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
