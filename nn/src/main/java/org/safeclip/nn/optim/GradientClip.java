package org.safeclip.nn.optim;

import java.util.List;
import org.safeclip.nn.Parameter;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;

/**
 * A limit on the length of the whole gradient (Pascanu, Mikolov and Bengio 2013): beyond it, all gradients shrink alike.
 *
 * @param maximum largest length, over all parameters together
 */
public record GradientClip(double maximum) {
    /** Refuses a limit that would stop all learning. */
    public GradientClip {
        if (!(maximum > 0)) {
            throw new IllegalArgumentException("gradient clip at " + maximum + ": expected a number above 0");
        }
    }

    /** min(1, maximum / length): what {@link AdamW#step(Gradients, double, float)} is to scale by. */
    public float scale(List<Parameter> parameters, Gradients gradients) {
        double length = length(parameters, gradients);
        return length > maximum ? (float) (maximum / length) : 1;
    }

    /** √Σ g² over the gradients of all parameters; the host waits for the device once. */
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
