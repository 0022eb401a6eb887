package org.safeclip.tensor.backend;

/**
 * What the host has asked of a device since it was opened. On a GPU each of these costs the host microseconds, whatever
 * the size of the work.
 *
 * @param launches kernels enqueued
 * @param uploads copies from the host enqueued
 * @param waits times the host waited for the device
 */
public record Activity(long launches, long uploads, long waits) {
    /** Nothing: also that of a backend without a device of its own. */
    public static final Activity NONE = new Activity(0, 0, 0);

    /** What was asked since an earlier reading. */
    public Activity since(Activity earlier) {
        return new Activity(launches - earlier.launches, uploads - earlier.uploads, waits - earlier.waits);
    }
}
