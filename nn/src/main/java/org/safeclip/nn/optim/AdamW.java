package org.safeclip.nn.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.safeclip.nn.Parameter;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.AdamStep;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): p ← p − rate·decay·p, then p ← p − rate·m̂/(√v̂ + ε)
 * with bias-corrected moments m and v of the gradient.
 *
 * <p>A parameter that the loss does not depend on is not changed, nor are its moments and step count. Create the
 * optimiser outside any scope: the moments live as long as the backend.
 */
public final class AdamW {
    /**
     * Hyperparameters of AdamW.
     *
     * @param decay weight decay
     * @param beta1 β₁, decay rate of the first moment
     * @param beta2 β₂, decay rate of the second moment
     * @param epsilon added to the square root of the second moment
     * @param decays selects the parameters that decay
     */
    public record Settings(double decay, double beta1, double beta2, double epsilon, Predicate<Parameter> decays) {
        /** Defaults: weight decay 0.1 on matrices, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
        public static Settings standard() {
            return new Settings(0.1, 0.9, 0.999, 1e-8, AdamW::isMatrix);
        }

        /** A copy of these settings with another weight decay. */
        public Settings withDecay(double other) {
            return new Settings(other, beta1, beta2, epsilon, decays);
        }
    }

    /**
     * First and second moment of one parameter.
     *
     * @param name path of the parameter
     * @param first m, moving average of the gradient
     * @param second v, moving average of its square
     */
    public record Moments(String name, NdArray first, NdArray second) {}

    private final Settings settings;
    private final List<Parameter> parameters;
    private final List<Moments> moments;
    private final int[] steps;

    /** An optimiser of these parameters with zero moments. */
    public AdamW(List<Parameter> parameters, Settings settings) {
        this.settings = settings;
        this.parameters = List.copyOf(parameters);
        List<Moments> zeros = new ArrayList<>();
        for (Parameter parameter : parameters) {
            NdArray value = parameter.tensor().value();
            zeros.add(new Moments(
                    parameter.name(),
                    NdArray.zeros(value.backend(), value.shape()),
                    NdArray.zeros(value.backend(), value.shape())));
        }
        this.moments = List.copyOf(zeros);
        this.steps = new int[parameters.size()];
    }

    /**
     * Whether a parameter has rank 2 or more: the default decay rule, which spares biases, norms and the logit scale.
     */
    public static boolean isMatrix(Parameter parameter) {
        return parameter.tensor().shape().rank() >= 2;
    }

    /**
     * Decay rule of the SafeCLIP release, by name; norms inside a {@code downsample} decay too, which is its mistake.
     */
    public static boolean decaysByName(Parameter parameter) {
        String name = parameter.name();
        return !(name.contains("bn") || name.contains("ln") || name.contains("bias") || name.contains("logit_scale"));
    }

    /** One step at a learning rate: updates every parameter that has a gradient. */
    public void step(Gradients gradients, double rate) {
        step(gradients, rate, 1);
    }

    /**
     * One step at a learning rate with all gradients multiplied by {@code scale}, such as {@link GradientClip#scale}.
     */
    public void step(Gradients gradients, double rate, float scale) {
        for (int i = 0; i < steps.length; i++) {
            Parameter parameter = parameters.get(i);
            if (gradients.has(parameter.tensor())) {
                NdArray gradient = gradients.of(parameter.tensor());
                steps[i]++;
                move(i, scale == 1 ? gradient : gradient.affine(scale, 0), rate);
            }
        }
    }

    private void move(int i, NdArray gradient, double rate) {
        Parameter parameter = parameters.get(i);
        AdamStep step = new AdamStep(
                (float) rate,
                settings.decays.test(parameter) ? (float) settings.decay : 0,
                (float) settings.beta1,
                (float) settings.beta2,
                (float) settings.epsilon,
                steps[i]);
        NdArray value = parameter.tensor().value();
        value.backend()
                .kernels()
                .adamW(
                        step,
                        value.shape().size(),
                        value.storage(),
                        gradient.storage(),
                        moments.get(i).first().storage(),
                        moments.get(i).second().storage());
    }

    /** The moments in the order of the parameters, for saving and restoring in place. */
    public List<Moments> moments() {
        return moments;
    }

    /** Resets moments and step counts to zero. */
    public void forget() {
        for (Moments of : moments) {
            float[] zeros = new float[of.first().shape().size()];
            of.first().set(zeros);
            of.second().set(zeros);
        }
        Arrays.fill(steps, 0);
    }

    /** Number of steps each parameter has made, in the order of the parameters. */
    public int[] steps() {
        return steps.clone();
    }

    /** Restores the number of steps of each parameter, in the order of the parameters. */
    public void setSteps(int... made) {
        if (made.length != steps.length || Arrays.stream(made).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(
                    made.length + " step counts for " + steps.length + " parameters; expected one from 0 for each");
        }
        System.arraycopy(made, 0, steps, 0, steps.length);
    }
}
