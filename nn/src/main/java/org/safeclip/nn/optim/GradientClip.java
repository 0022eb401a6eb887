package org.safeclip.nn.optim;

import java.util.List;
import org.safeclip.nn.Parameter;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;

/**
 * Gradient clipping by global norm (Pascanu, Mikolov and Bengio 2013).
 *
 * @param maximum largest L2 norm of the gradients of all parameters together
 */
public record GradientClip(double maximum) {
    /** Throws an IllegalArgumentException if the limit is not positive. */
    public GradientClip {
        if (!(maximum > 0)) {
            throw new IllegalArgumentException("gradient clip at " + maximum + ": expected a number above 0");
        }
    }

    /** The factor min(1, maximum / norm) for {@link AdamW#step(Gradients, double, float)}. */
    public float scale(List<Parameter> parameters, Gradients gradients) {
        double length = length(parameters, gradients);
        return length > maximum ? (float) (maximum / length) : 1;
    }

    /** Global L2 norm √Σ g² over the gradients of all parameters; waits for the device. */
    public static double length(List<Parameter> parameters, Gradients gradients) {
        NdArray[] squares = parameters.stream()
                .map(Parameter::tensor)
                .filter(gradients::has)
                .map(gradients::of)
                .map(gradient -> gradient.mul(gradient).sum().reshape(1))
                .toArray(NdArray[]::new);
        double sum = 0;
        if (squares.length > 0) {
            for (float square : NdArray.concat(0, squares).toArray()) {
                sum += square;
            }
        }
        return Math.sqrt(sum);
    }
}
