package org.safeclip.tensor.backend;

/**
 * One open device: its name, its kernels and its memory.
 *
 * <p>Memory allocated while a {@link Scope} is open belongs to the innermost open scope and dies with it; memory
 * allocated outside any scope lives until the backend is closed (weights, optimiser moments, pools of neighbours).
 */
public interface Backend extends AutoCloseable {
    /** The name under which the backend was asked for, such as {@code simd}. */
    String name();

    /** One line for people: the device, its width, its threads. */
    String describe();

    /** What the device can do. */
    Kernels kernels();

    /** Room for {@code length} floats, contents undefined. */
    Storage allocate(int length);

    /** Room for {@code length} integers, contents undefined. */
    IntStorage allocateInts(int length);

    /** Opens a scope inside the current one; close it to give back everything allocated since. */
    Scope scope();

    /** Waits until everything asked for so far is done. */
    void finish();

    @Override
    void close();
}
