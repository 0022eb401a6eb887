package org.safeclip.data;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** How images are augmented; the defaults are the paper's, scaled from 224 to 32 pixels. */
@SettingsTable("augmentation")
public record AugmentationSettings(
        @Meaning("least share of the image that a random crop keeps")
        @Setting(value = "0.5", range = "(0, 1]", source = "paper: 0.08 at 224 pixels")
        double cropArea,

        @Meaning("mirrors half of the images, never one whose caption says left or right")
        @Setting(value = "true", source = "paper")
        boolean flip,

        @Meaning("strength of the jitter of brightness, contrast and saturation")
        @Setting(value = "0.4", range = "[0, )", source = "paper: 0.5")
        double jitter,

        @Meaning("largest turn of the hue, in circles")
        @Setting(value = "0.05", range = "[0, 0.5]", source = "paper: 0.1")
        double hue,

        @Meaning("probability of colour jitter") @Setting(value = "0.8", range = "[0, 1]", source = "paper")
        double jitterProbability,

        @Meaning("probability of losing all colour") @Setting(value = "0.2", range = "[0, 1]", source = "paper")
        double grayscaleProbability,

        @Meaning("probability of a Gaussian blur") @Setting(value = "0.5", range = "[0, 1]", source = "paper: 1")
        double blurProbability,

        @Meaning("largest standard deviation of the blur in pixels (blurProbability=0 leaves the blur out)")
        @Setting(value = "0.6", range = "[0.1, )", source = "paper: 2 at 224 pixels")
        double blurSigma,

        @Meaning("share of this strength in passes that match images with captions, in every method")
        @Setting(value = "0.5", range = "[0, 1]", source = "paper: 1")
        double weakStrength) {

    /** Refuses values outside their range. */
    public AugmentationSettings {
        Settings.check(
                AugmentationSettings.class,
                cropArea,
                flip,
                jitter,
                hue,
                jitterProbability,
                grayscaleProbability,
                blurProbability,
                blurSigma,
                weakStrength);
    }

    /** The default of every setting. */
    public static AugmentationSettings defaults() {
        return Settings.defaults(AugmentationSettings.class);
    }

    /** The distribution of strong views of images of that side. */
    public ImageAugmentation strong(int imageSize) {
        float strength = (float) jitter;
        int blurRadius = Math.max(1, Math.round(10f * imageSize / 224)); // 21 taps at 224 pixels [paper], 3 at 32
        return new ImageAugmentation(
                imageSize,
                (float) cropArea,
                1,
                4f / 3,
                flip ? 0.5f : 0,
                (float) jitterProbability,
                strength,
                strength,
                strength,
                (float) hue,
                (float) grayscaleProbability,
                (float) blurProbability,
                2 * blurRadius + 1,
                0.1f,
                (float) blurSigma);
    }

    /** The distribution of weak views of images of that side. */
    public ImageAugmentation weak(int imageSize) {
        return strong(imageSize).weaker((float) weakStrength);
    }
}
