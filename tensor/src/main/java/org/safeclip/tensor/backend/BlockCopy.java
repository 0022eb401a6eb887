package org.safeclip.tensor.backend;

/**
 * A rectangular block of numbers and where it lies in source and destination; offsets and strides count numbers.
 *
 * @param rows rows of the block
 * @param cols numbers in each row, contiguous on both sides
 * @param xOffset start of the first row in the source
 * @param xStride distance from row to row in the source
 * @param yOffset start of the first row in the destination
 * @param yStride distance from row to row in the destination
 */
public record BlockCopy(int rows, int cols, int xOffset, int xStride, int yOffset, int yStride) {}
