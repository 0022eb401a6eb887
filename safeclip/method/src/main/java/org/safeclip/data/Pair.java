package org.safeclip.data;

/** One image (8-bit RGB, row by row) and its caption. */
public record Pair(byte[] image, String caption) {}
