package org.safeclip.model;

import java.util.List;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/**
 * The sizes of the image encoder: a {@link ModifiedResNet} where there are bottlenecks, else a {@link ConvNet} where there are no
 * transformer layers, else a {@link VisionTransformer}.
 *
 * @param stem channels of the stride-2 convolutions that make cells of an image; none: square patches
 * @param patch side of a patch in pixels; 0 with a stem
 * @param bottlenecks blocks of the four stages of a residual network; none: another encoder
 * @param width D of the transformer; channels after the stem of a residual network
 * @param layers transformer blocks
 * @param heads heads of the transformer or of the attention pool of a residual network
 * @param meanPool whether a transformer's feature is the mean over its tokens instead of the class token
 */
@SettingsTable("model.vision")
public record VisionConfig(
        @Meaning("channels of 3x3 convolutions of stride 2; [] for plain patches") @Setting("[32, 64, 128, 192]")
        List<Integer> stem,

        @Meaning("side of a patch in pixels, where stem = []") @Setting(value = "0", range = "[0, )")
        int patch,

        @Meaning("blocks of the four stages of CLIP's residual network, such as [3, 4, 6, 3]; []: another encoder")
        @Setting("[]")
        List<Integer> bottlenecks,

        @Meaning("width of the transformer; of the residual network, whose widths are 1 to 32 times this")
        @Setting(value = "96", range = "[1, )")
        int width,

        @Meaning("transformer blocks behind stem or patches; 0: none, a plain convolutional network")
        @Setting(value = "0", range = "[0, )")
        int layers,

        @Meaning("attention heads") @Setting(value = "3", range = "[1, )")
        int heads,

        @Meaning("the feature of a transformer is the mean over its tokens (false: the class token, as in CLIP)")
        @Setting("true")
        boolean meanPool) {

    /** Copies the lists and refuses sizes that no encoder can have. */
    public VisionConfig {
        stem = List.copyOf(stem);
        bottlenecks = List.copyOf(bottlenecks);
        Settings.check(VisionConfig.class, stem, patch, bottlenecks, width, layers, heads, meanPool);
        boolean residual = !bottlenecks.isEmpty();
        Settings.require(
                !residual
                        || (bottlenecks.size() == ModifiedResNet.STAGES
                                && bottlenecks.stream().allMatch(n -> n >= 1)),
                VisionConfig.class,
                "bottlenecks",
                bottlenecks,
                "four numbers from 1, such as [3, 4, 6, 3], or [] for another encoder");
        Settings.require(
                !residual || width % 2 == 0,
                VisionConfig.class,
                "width",
                width,
                "an even number for a residual network, whose stem starts with half of it");
        Settings.require(width % heads == 0, VisionConfig.class, "heads", heads, "a divisor of width " + width);
        Settings.require(
                layers >= 1 || !stem.isEmpty() || residual,
                VisionConfig.class,
                "layers",
                layers,
                "at least 1, or 0 with a stem or bottlenecks");
        Settings.require(
                residual || !stem.isEmpty() || patch >= 1,
                VisionConfig.class,
                "patch",
                patch,
                "at least 1 without a stem or bottlenecks");
    }

    /** Side of the part of an image that becomes one token, in pixels. */
    int cell() {
        if (!bottlenecks.isEmpty()) {
            return ModifiedResNet.REDUCTION;
        }
        return stem.isEmpty() ? patch : 1 << stem.size();
    }
}
