package org.safeclip.experiments.dataset;

/**
 * A clean training image with its class, for the linear probe.
 *
 * @param pixels 8-bit RGB, row by row
 * @param coarse index of its coarse class
 */
public record LabelledImage(byte[] pixels, int coarse) {}
