package org.safeclip.data;

/**
 * A clean picture of those trained on, with its class: what a linear probe learns from.
 *
 * @param pixels 8-bit RGB, row by row
 * @param kind its place in the list of kinds
 */
public record Lesson(byte[] pixels, int kind) {}
