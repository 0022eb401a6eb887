package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;

/**
 * A table with one row a token.
 *
 * @param weight {@code [vocabulary, D]}
 */
public record Embedding(Tensor weight) implements Module {
    /** Normal rows of CLIP's standard deviation, {@link Initialisers#TOKEN_STD}. */
    public static Embedding random(int vocabulary, int width, Backend backend, RandomGenerator random) {
        return new Embedding(Initialisers.normal(backend, random, Initialisers.TOKEN_STD, vocabulary, width));
    }

    /** The rows of the first {@code count} ids: {@code [count, D]}. */
    public Tensor apply(IntStorage ids, int count) {
        return weight.gatherRows(ids, count);
    }
}
