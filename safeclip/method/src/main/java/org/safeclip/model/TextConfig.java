package org.safeclip.model;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/**
 * The sizes of the text encoder.
 *
 * @param vocabulary number of token ids; 0 stands for CLIP's own vocabulary until the tokenizer is known
 * @param context most tokens of a caption, start and end included
 * @param width D of the transformer
 * @param layers its blocks
 * @param heads its heads
 */
@SettingsTable("model.text")
public record TextConfig(
        @Setting(
                value = "2048",
                min = 0,
                meaning =
                        "tokens of the byte-pair vocabulary, learned from the training captions; 0: CLIP's own 49,408")
        int vocabulary,

        @Setting(value = "32", min = 3, meaning = "most tokens of a caption, start and end included")
        int context,

        @Setting(value = "64", min = 1, meaning = "width of the transformer")
        int width,

        @Setting(value = "1", min = 0, meaning = "transformer blocks")
        int layers,

        @Setting(value = "2", min = 1, meaning = "attention heads")
        int heads) {

    /** The value of {@code vocabulary} that stands for CLIP's own vocabulary. */
    public static final int OPENAI_VOCABULARY = 0;

    /** Refuses sizes that no encoder can have. */
    public TextConfig {
        Settings.check(TextConfig.class, vocabulary, context, width, layers, heads);
        Settings.require(width % heads == 0, TextConfig.class, "heads", heads, "a divisor of width " + width);
    }
}
