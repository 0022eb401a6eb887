package org.safeclip.bench.peers;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Storage;

/** Random inputs for both sides, from a given seed. */
final class Numbers {
    private Numbers() {}

    /** Standard normal. */
    static float[] normal(RandomGenerator random, int length) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** A copy on the backend. */
    static Storage on(Backend backend, float[] numbers) {
        Storage storage = backend.allocate(numbers.length);
        storage.write(numbers, 0, numbers.length);
        return storage;
    }

    /** Contents of a storage. */
    static float[] of(Storage storage) {
        float[] numbers = new float[storage.length()];
        storage.read(numbers, 0, numbers.length);
        return numbers;
    }
}
