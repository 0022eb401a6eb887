package org.safeclip.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Makes tokens of small pictures by 3x3 convolutions of stride 2 with GELU between, and a 1x1 convolution to the width of
 * the tokens (Xiao et al. 2021, "Early convolutions help transformers see better").
 *
 * @param convolutions each halves the side
 * @param project the 1x1 convolution, applied to tokens as a linear map
 */
public record ConvStem(List<Conv2d> convolutions, Linear project) implements Layer {
    /** Refuses a stem without convolutions. */
    public ConvStem {
        convolutions = List.copyOf(convolutions);
        if (convolutions.isEmpty()) {
            throw new IllegalArgumentException("a convolutional stem needs at least one convolution");
        }
    }

    /** From {@code channels[0]} (3 for colour) through {@code channels[1...]} to {@code width}. */
    public static ConvStem random(int[] channels, int width, Backend backend, RandomGenerator random) {
        List<Conv2d> convolutions = new ArrayList<>();
        for (int i = 1; i < channels.length; i++) {
            convolutions.add(Conv2d.randomWithBias(channels[i - 1], channels[i], 3, 2, backend, random));
        }
        int last = channels[channels.length - 1];
        return new ConvStem(convolutions, Linear.random(last, width, Initialisers.widthStd(last), backend, random));
    }

    @Override
    public Tensor apply(Tensor image) { // [B, C, height, width] -> [B, T, D], tokens row by row
        Tensor x = image;
        for (Conv2d convolution : convolutions.subList(0, convolutions.size() - 1)) {
            x = convolution.apply(x).gelu();
        }
        return project.apply(convolutions.getLast().tokens(x).gelu());
    }
}
