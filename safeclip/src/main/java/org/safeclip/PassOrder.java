package org.safeclip;

/** How an epoch of the third phase goes through the risky and the safe pairs. */
public enum PassOrder {
    /** All risky pairs, then all safe ones (the release). */
    RISKY_SAFE,
    /** All safe pairs, then all risky ones. */
    SAFE_RISKY,
    /** Steps of both by turns, each spread evenly over the epoch. */
    INTERLEAVED
}
