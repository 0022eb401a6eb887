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
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): p ← p − rate·decay·p, then p ← p − rate·m̂/(√v̂ + ε) with
 * bias-corrected moments m and v of the gradient.
 *
 * <p>A parameter that the loss did not depend on is left alone, its moments and its step count too. Make one outside any
 * scope: the moments live as long as the backend.
 */
public final class AdamW {
    /**
     * The constants.
     *
     * @param decay weight decay of the parameters that decay
     * @param beta1 memory of the first moment
     * @param beta2 memory of the second moment
     * @param epsilon added to the root of the second moment
     * @param decays which parameters decay
     */
    public record Settings(double decay, double beta1, double beta2, double epsilon, Predicate<Parameter> decays) {
        /** Decay 0.1 for matrices, betas 0.9 and 0.999, ε = 1e-8. */
        public static Settings standard() {
            return new Settings(0.1, 0.9, 0.999, 1e-8, AdamW::isMatrix);
        }

        /** The same with another decay. */
        public Settings withDecay(double other) {
            return new Settings(other, beta1, beta2, epsilon, decays);
        }
    }

    /**
     * The moments of one parameter.
     *
     * @param name of the parameter
     * @param first m, moving average of the gradient
     * @param second v, moving average of its square
     */
    public record Moments(String name, NdArray first, NdArray second) {}

    private final Settings settings;
    private final List<Parameter> parameters;
    private final List<Moments> moments;
    private final int[] steps;

    /** An optimiser of these parameters, its moments zero. */
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

    /** Our rule of decay: rank 2 and more; not biases, not the scales of norms, not the logit scale. */
    public static boolean isMatrix(Parameter parameter) {
        return parameter.tensor().shape().rank() >= 2;
    }

    /** The rule of the SafeCLIP release: by name, so that norms inside a {@code downsample} decay by mistake. */
    public static boolean decaysByName(Parameter parameter) {
        String name = parameter.name();
        return !(name.contains("bn") || name.contains("ln") || name.contains("bias") || name.contains("logit_scale"));
    }

    /** Moves every parameter that has a gradient. */
    public void step(Gradients gradients, double rate) {
        step(gradients, rate, 1);
    }

    /** The same with every gradient multiplied by a scale first, such as that of {@link GradientClip}. */
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

    /** The moments in the order of the parameters, to save them and to overwrite them. */
    public List<Moments> moments() {
        return moments;
    }

    /** Goes on as if no step had been made: moments zero, counts zero. */
    public void forget() {
        for (Moments of : moments) {
            float[] zeros = new float[of.first().shape().size()];
            of.first().set(zeros);
            of.second().set(zeros);
        }
        Arrays.fill(steps, 0);
    }

    /** How many steps each parameter has made, in the same order. */
    public int[] steps() {
        return steps.clone();
    }

    /** Goes on as if each parameter had made so many steps. */
    public void setSteps(int... made) {
        if (made.length != steps.length || Arrays.stream(made).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(
                    made.length + " step counts for " + steps.length + " parameters; expected one from 0 for each");
        }
        System.arraycopy(made, 0, steps, 0, steps.length);
    }
}
