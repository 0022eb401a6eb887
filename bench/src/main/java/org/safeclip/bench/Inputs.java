package org.safeclip.bench;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Storage;

/** Random operands of a kernel on one backend, from a fixed seed: equal on every backend. */
public final class Inputs {
    private static final int BLOCK = 1 << 20;

    private final Backend backend;
    private final RandomGenerator random = new SplittableRandom(7);

    /** Operands on this backend. */
    public Inputs(Backend backend) {
        this.backend = backend;
    }

    /** Kernels of the backend. */
    public Kernels kernels() {
        return backend.kernels();
    }

    /** Storage of standard normal numbers; after the first million they repeat. */
    public Storage normal(int length) {
        if (length > BLOCK) {
            Storage block = normal(BLOCK);
            Storage storage = backend.allocate(length);
            int whole = length / BLOCK;
            int rest = length % BLOCK;
            backend.kernels().copyBlock(new BlockCopy(whole, BLOCK, 0, 0, 0, BLOCK), block, storage);
            backend.kernels().copyBlock(new BlockCopy(1, rest, 0, 0, whole * BLOCK, 0), block, storage);
            return storage;
        }
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        Storage storage = backend.allocate(length);
        storage.write(numbers, 0, length);
        return storage;
    }

    /** Storage of zeros. */
    public Storage zeros(int length) {
        Storage storage = backend.allocate(length);
        backend.kernels().fill(length, 0, storage);
        return storage;
    }

    /** Storage for an output, contents undefined. */
    public Storage output(int length) {
        return backend.allocate(length);
    }

    /** Storage of uniform integers in {@code [0, bound)}. */
    public IntStorage ids(int length, int bound) {
        IntStorage ids = backend.allocateInts(length);
        ids.write(random.ints(length, 0, bound).toArray(), 0, length);
        return ids;
    }

    /** Storage for an integer output, contents undefined. */
    public IntStorage ints(int length) {
        return backend.allocateInts(length);
    }

    /** Contents of a storage. */
    static float[] numbers(Storage storage) {
        float[] numbers = new float[storage.length()];
        storage.read(numbers, 0, numbers.length);
        return numbers;
    }

    /** Contents of an integer storage, as floats. */
    static float[] numbers(IntStorage ids) {
        int[] integers = new int[ids.length()];
        ids.read(integers, 0, integers.length);
        float[] numbers = new float[integers.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = integers[i];
        }
        return numbers;
    }
}
