package org.safeclip.model;

import org.safeclip.settings.Meaning;
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
        @Meaning("tokens of the byte-pair vocabulary, learned from the training captions; 0: CLIP's own 49,408")
        @Setting(value = "2048", range = "[0, )")
        int vocabulary,

        @Meaning("most tokens of a caption, start and end included") @Setting(value = "32", range = "[3, )")
        int context,

        @Meaning("width of the transformer") @Setting(value = "64", range = "[1, )")
        int width,

        @Meaning("transformer blocks") @Setting(value = "1", range = "[0, )")
        int layers,

        @Meaning("attention heads") @Setting(value = "2", range = "[1, )")
        int heads) {

    /** The value of {@code vocabulary} that stands for CLIP's own vocabulary. */
    public static final int OPENAI_VOCABULARY = 0;

    /** Refuses sizes that no encoder can have. */
    public TextConfig {
        Settings.check(TextConfig.class, vocabulary, context, width, layers, heads);
        Settings.require(width % heads == 0, TextConfig.class, "heads", heads, "a divisor of width " + width);
    }
}
