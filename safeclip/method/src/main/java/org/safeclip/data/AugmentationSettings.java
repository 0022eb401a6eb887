package org.safeclip.data;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** How images are augmented; the defaults are the paper's, scaled from 224 to 32 pixels. */
@SettingsTable("augmentation")
public record AugmentationSettings(
        @Setting(
                value = "0.5",
                min = 0,
                aboveMin = true,
                max = 1,
                meaning = "least share of the image that a random crop keeps",
                source = "paper: 0.08 at 224 pixels")
        double cropArea,

        @Setting(
                value = "true",
                meaning = "mirrors half of the images, never one whose caption says left or right",
                source = "paper")
        boolean flip,

        @Setting(
                value = "0.4",
                min = 0,
                meaning = "strength of the jitter of brightness, contrast and saturation",
                source = "paper: 0.5")
        double jitter,

        @Setting(
                value = "0.05",
                min = 0,
                max = 0.5,
                meaning = "largest turn of the hue, in circles",
                source = "paper: 0.1")
        double hue,

        @Setting(value = "0.8", min = 0, max = 1, meaning = "probability of colour jitter", source = "paper")
        double jitterProbability,

        @Setting(value = "0.2", min = 0, max = 1, meaning = "probability of losing all colour", source = "paper")
        double grayscaleProbability,

        @Setting(value = "0.5", min = 0, max = 1, meaning = "probability of a Gaussian blur", source = "paper: 1")
        double blurProbability,

        @Setting(
                value = "0.6",
                min = 0.1,
                meaning = "largest standard deviation of the blur in pixels (blurProbability=0 leaves the blur out)",
                source = "paper: 2 at 224 pixels")
        double blurSigma,

        @Setting(
                value = "0.5",
                min = 0,
                max = 1,
                meaning = "share of this strength in passes that match images with captions, in every method",
                source = "paper: 1")
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
