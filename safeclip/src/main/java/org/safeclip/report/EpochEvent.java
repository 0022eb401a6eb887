package org.safeclip.report;

/**
 * The end of an epoch.
 *
 * @param phase "warm-up", "slow" or "mixed" of SafeCLIP, "train" of plain CLIP
 * @param seconds time the epoch took
 */
public record EpochEvent(String method, int epoch, String phase, double seconds) implements Event {}
