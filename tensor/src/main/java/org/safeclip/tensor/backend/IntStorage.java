package org.safeclip.tensor.backend;

/** A flat buffer of 32-bit integers on a device: token ids, row numbers, class targets. */
public interface IntStorage {
    /** Capacity in integers. */
    int length();

    /** Copies the first {@code count} integers to {@code to[offset...]}; waits for pending work that writes them. */
    void read(int[] to, int offset, int count);

    /** Copies {@code from[offset ... offset + count)} over the first {@code count} integers. */
    void write(int[] from, int offset, int count);
}
