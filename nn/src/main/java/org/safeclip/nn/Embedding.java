package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;

/**
 * Embedding table with one row for each token of the vocabulary.
 *
 * @param weight {@code [vocabulary, D]}
 */
public record Embedding(Tensor weight) implements Module {
    /** Random normal rows of CLIP's standard deviation, {@link Initialisers#TOKEN_STD}. */
    public static Embedding random(int vocabulary, int width, Backend backend, RandomGenerator random) {
        return new Embedding(Initialisers.normal(backend, random, Initialisers.TOKEN_STD, vocabulary, width));
    }

    /** Looks up the first {@code count} ids: {@code [count, D]}. */
    public Tensor apply(IntStorage ids, int count) {
        return weight.gatherRows(ids, count);
    }
}
