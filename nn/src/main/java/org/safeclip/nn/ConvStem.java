package org.safeclip.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Convolutional stem of a vision transformer for small images: 3x3 convolutions of stride 2 with GELU between, and a
 * 1x1 convolution to the token width (Xiao et al. 2021, "Early convolutions help transformers see better").
 *
 * @param convolutions each halves height and width
 * @param project the 1x1 convolution, a linear layer on tokens
 */
public record ConvStem(List<Conv2d> convolutions, Linear project) implements Layer {
    /** Throws an IllegalArgumentException if there is no convolution. */
    public ConvStem {
        convolutions = List.copyOf(convolutions);
        if (convolutions.isEmpty()) {
            throw new IllegalArgumentException("a convolutional stem needs at least one convolution");
        }
    }

    /**
     * Random weights (He et al. 2015): {@code channels[0]} input channels, {@code channels[1...]} hidden, {@code width}
     * out.
     */
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
