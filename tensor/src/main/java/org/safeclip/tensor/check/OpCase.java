package org.safeclip.tensor.check;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Op;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * A test case: one operation with inputs of given shapes, drawn at random from a seed.
 *
 * @param name what is computed, with sizes; unique in the catalogue
 * @param op the operation under test; null for a composition of several
 * @param inputs shapes and domains of the inputs
 * @param formula computes the value
 */
public record OpCase(String name, @Nullable Class<? extends Op> op, List<Input> inputs, Formula formula) {

    /**
     * An input: its shape and the domain its elements are drawn from.
     *
     * @param shape sizes of the axes
     * @param numbers domain of its elements
     */
    public record Input(Shape shape, Numbers numbers) {}

    /** Computes a value from inputs. */
    @FunctionalInterface
    public interface Formula {
        /** Computes the value. */
        Tensor of(Tensor... x);
    }

    /** The domain of an input. */
    public enum Numbers {
        /** Standard normal. */
        NORMAL,
        /** Between ½ and 2½. */
        POSITIVE,
        /** Between ½ and 2½, either sign: no division by almost nothing, no step over the kink of a function. */
        AWAY_FROM_ZERO;

        float draw(RandomGenerator random) {
            float positive = 0.5f + 2 * random.nextFloat();
            return switch (this) {
                case NORMAL -> (float) random.nextGaussian();
                case POSITIVE -> positive;
                case AWAY_FROM_ZERO -> random.nextBoolean() ? positive : -positive;
            };
        }
    }

    /** Draws the elements of every input; deterministic in the seed. */
    public float[][] draw(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        float[][] numbers = new float[inputs.size()][];
        for (int i = 0; i < numbers.length; i++) {
            Input input = inputs.get(i);
            numbers[i] = new float[input.shape().size()];
            for (int j = 0; j < numbers[i].length; j++) {
                numbers[i][j] = input.numbers().draw(random);
            }
        }
        return numbers;
    }

    /** The inputs as leaf tensors on a backend. */
    Tensor[] leaves(Backend backend, boolean tracked, float[]... numbers) {
        Tensor[] leaves = new Tensor[numbers.length];
        for (int i = 0; i < leaves.length; i++) {
            NdArray value = NdArray.of(backend, inputs.get(i).shape(), numbers[i]);
            leaves[i] = tracked ? Tensor.parameter(value) : Tensor.constant(value);
        }
        return leaves;
    }

    /** Numbers of the largest input: no sum in this case runs over more than a few times as many. */
    int length() {
        return inputs.stream().mapToInt(input -> input.shape().size()).max().orElse(1);
    }

    @Override
    public String toString() {
        return name;
    }
}
