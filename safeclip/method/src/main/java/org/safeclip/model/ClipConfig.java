package org.safeclip.model;

import org.safeclip.nn.Activation;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/**
 * The sizes of a CLIP model: all that is needed to build it before its weights are loaded.
 *
 * @param imageSize S, side of the images in pixels
 * @param embedding E, width of the common space
 * @param quickGelu whether perceptrons use x·sigmoid(1.702 x) instead of the exact GELU
 * @param vision the image encoder
 * @param text the text encoder
 */
@SettingsTable("model")
public record ClipConfig(
        @Meaning("side in pixels to which images are resized (bicubic, centre crop)")
        @Setting(value = "32", range = "[1, 4096]", source = "the embedded images have 32")
        int imageSize,

        @Meaning("width of the space that images and captions are embedded into")
        @Setting(value = "128", range = "[1, )")
        int embedding,

        @Meaning("x * sigmoid(1.702 x) as activation, as in CLIP (false: the exact GELU)") @Setting("true")
        boolean quickGelu,

        VisionConfig vision,
        TextConfig text) {

    /** Refuses sizes that no model can have. */
    public ClipConfig {
        Settings.check(ClipConfig.class, imageSize, embedding, quickGelu, vision, text);
        int cell = vision.cell();
        Settings.require(
                imageSize >= cell && imageSize % cell == 0,
                ClipConfig.class,
                "imageSize",
                imageSize,
                "a multiple of " + cell + ": of the patch, of 2 to the number of stem convolutions, or of "
                        + ModifiedResNet.REDUCTION + " for a residual network");
    }

    /** The demo's model: convolutions for 32 x 32 images, one layer of text. */
    public static ClipConfig defaults() {
        return Settings.defaults(ClipConfig.class);
    }

    /** A copy for a tokenizer with that many token ids. */
    public ClipConfig withVocabulary(int tokens) {
        return new ClipConfig(
                imageSize,
                embedding,
                quickGelu,
                vision,
                new TextConfig(tokens, text.context(), text.width(), text.layers(), text.heads()));
    }

    /** Tokens of an image, the class token not counted. */
    public int imageTokens() {
        int side = imageSize / vision.cell();
        return side * side;
    }

    /** The activation of the perceptrons. */
    public Activation activation() {
        return quickGelu ? Activation.QUICK_GELU : Activation.GELU;
    }
}
