package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Initial values of parameters: the standard deviations of CLIP (Radford et al. 2021, and its released code) and the
 * tensors drawn with them. Values are drawn in row-major order, one {@code nextGaussian} each, so a generator gives the
 * same weights on every backend.
 */
public final class Initialisers {
    /** Standard deviation of token embeddings. */
    public static final double TOKEN_STD = 0.02;

    /** Standard deviation of position embeddings of text. */
    public static final double POSITION_STD = 0.01;

    private Initialisers() {}

    /**
     * width^-½: standard deviation of attention's input projection, bare projections, class token and image positions.
     */
    public static double widthStd(int width) {
        return 1 / Math.sqrt(width);
    }

    /**
     * width^-½·(2·layers)^-½: standard deviation of the output projections on the residual branch, which keeps its
     * scale.
     */
    public static double residualStd(int width, int layers) {
        return 1 / Math.sqrt(2.0 * layers * width);
    }

    /** (2·width)^-½: standard deviation of the input layer of a perceptron. */
    public static double mlpInputStd(int width) {
        return 1 / Math.sqrt(2.0 * width);
    }

    /** (2 / inputs)^½: standard deviation of convolution weights (He et al. 2015). */
    public static double heStd(int inputs) {
        return Math.sqrt(2.0 / inputs);
    }

    /** A parameter of independent normal values with mean 0 and this standard deviation. */
    public static Tensor normal(Backend backend, RandomGenerator random, double std, int... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (std * random.nextGaussian());
        }
        return Tensor.parameter(NdArray.of(backend, shape, values));
    }

    /** A parameter of zeros. */
    public static Tensor zeros(Backend backend, int... dims) {
        return Tensor.parameter(NdArray.zeros(backend, Shape.of(dims)));
    }

    /** A parameter of ones. */
    public static Tensor ones(Backend backend, int... dims) {
        return Tensor.parameter(NdArray.full(backend, Shape.of(dims), 1));
    }
}
