package org.safeclip.tensor.backend;

/** A flat buffer of float32 numbers on a device. */
public interface Storage {
    /** Capacity in numbers. */
    int length();

    /** Copies the first {@code count} numbers to {@code to[offset...]}; waits for pending work that writes them. */
    void read(float[] to, int offset, int count);

    /** Copies {@code from[offset ... offset + count)} over the first {@code count} numbers. */
    void write(float[] from, int offset, int count);
}
