package org.safeclip.model;

import java.util.List;
import org.safeclip.nn.Activation;

/**
 * The sizes of a model: all that is needed to build it anew before its weights are loaded.
 *
 * @param imageSize side of the pictures, in pixels
 * @param stem channels of the stride-2 convolutions in front of the picture's transformer; none: square patches
 * @param patch side of a patch, in pixels; 0 with a convolutional stem
 * @param bottlenecks blocks of the four stages of a {@link ModifiedResNet}; none: another encoder
 * @param imageWidth D of the picture's transformer; W of a {@link ModifiedResNet}, channels of its stem
 * @param imageLayers its blocks; 0 for a {@link ConvNet} of the stem's channels instead of a transformer
 * @param imageHeads its heads
 * @param vocabulary number of token ids
 * @param context most tokens of a caption
 * @param textWidth D of the text transformer
 * @param textLayers its blocks
 * @param textHeads its heads
 * @param embedding E, width of the common space
 * @param meanPool whether a picture's feature is the mean over its tokens instead of the class token
 * @param activation of the perceptrons
 */
public record ModelShape(
        int imageSize,
        List<Integer> stem,
        int patch,
        List<Integer> bottlenecks,
        int imageWidth,
        int imageLayers,
        int imageHeads,
        int vocabulary,
        int context,
        int textWidth,
        int textLayers,
        int textHeads,
        int embedding,
        boolean meanPool,
        Activation activation) {

    /** Refuses sizes no model can have. */
    public ModelShape {
        stem = List.copyOf(stem);
        bottlenecks = List.copyOf(bottlenecks);
        boolean residual = !bottlenecks.isEmpty();
        if (residual
                && (bottlenecks.size() != ModifiedResNet.STAGES
                        || bottlenecks.stream().anyMatch(n -> n < 1))) {
            throw new IllegalArgumentException("bottlenecks are " + bottlenecks
                    + "; expected four numbers from 1, such as" + " [3, 4, 6, 3], or none for another encoder");
        }
        if (residual && imageWidth % 2 != 0) {
            throw new IllegalArgumentException("imageWidth is " + imageWidth
                    + "; a residual network needs an even one: its stem begins with half");
        }
        int cell = cell(stem, patch, residual);
        if (cell < 1 || imageSize < cell || imageSize % cell != 0) {
            throw new IllegalArgumentException("pictures of " + imageSize + " pixels cannot be cut into cells of "
                    + cell
                    + "; the side must be a multiple of the patch, of 2 to the number of stem convolutions, or of "
                    + ModifiedResNet.REDUCTION + " for a residual network");
        }
    }

    /** Side of the part of a picture that becomes one token, in pixels. */
    private static int cell(List<Integer> stem, int patch, boolean residual) {
        if (residual) {
            return ModifiedResNet.REDUCTION;
        }
        return stem.isEmpty() ? patch : 1 << stem.size();
    }

    /** Tokens of a picture, the class token not counted. */
    public int imageTokens() {
        int side = imageSize / cell(stem, patch, !bottlenecks.isEmpty());
        return side * side;
    }
}
