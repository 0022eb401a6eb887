package org.safeclip.tensor.backend;

/** A run of float32 numbers on some device; it knows its length and how to travel to and from the host. */
public interface Storage {
    /** How many numbers it was allocated for. */
    int length();

    /** Copies the first {@code count} numbers to {@code to[offset...]}; waits for pending work that writes them. */
    void read(float[] to, int offset, int count);

    /** Copies {@code from[offset ... offset + count)} over the first {@code count} numbers. */
    void write(float[] from, int offset, int count);
}
