package org.safeclip.tensor.backend;

/**
 * One open device: its name, its kernels and its memory.
 *
 * <p>Memory allocated while a {@link Scope} is open belongs to the innermost open scope and dies with it; memory
 * allocated outside any scope (weights, optimiser moments, pools) lives until the backend is closed.
 */
public interface Backend extends AutoCloseable {
    /** Name of the provider, such as {@code simd}. */
    String name();

    /** One line for display: the device, its vector width, its threads. */
    String describe();

    /** The kernels of this device. */
    Kernels kernels();

    /** Storage for {@code length} floats, contents undefined. */
    Storage allocate(int length);

    /** Storage for {@code length} integers, contents undefined. */
    IntStorage allocateInts(int length);

    /**
     * Opens a scope nested in the current one; closing it frees everything allocated since. Matrix products in it have
     * the precision of the current scope; those outside any scope are {@link Precision#FLOAT32}.
     */
    Scope scope();

    /**
     * Opens a scope whose matrix products may be computed in less than float32. A backend that cannot computes them in
     * float32, see {@link #products}.
     */
    default Scope scope(Precision precision) {
        return scope();
    }

    /** The precision in which a scope of the {@code wanted} one computes large matrix products. */
    default Precision products(Precision wanted) {
        return Precision.FLOAT32;
    }

    /** Waits until all enqueued work is done. */
    void finish();

    /** Whether the kernels run on the processors of the host, which then have less time for other work. */
    default boolean sharesHost() {
        return true;
    }

    /** What the host has asked of the device so far; {@link Activity#NONE} where the host is the device. */
    default Activity activity() {
        return Activity.NONE;
    }

    @Override
    void close();
}
