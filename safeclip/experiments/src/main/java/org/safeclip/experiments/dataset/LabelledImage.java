package org.safeclip.experiments.dataset;

/**
 * A clean picture of those trained on, with its class: what a linear probe learns from.
 *
 * @param pixels 8-bit RGB, row by row
 * @param coarse its place in the list of coarse
 */
public record LabelledImage(byte[] pixels, int coarse) {}
