package org.safeclip.data;

/** One picture (8-bit RGB, row by row) and the caption that claims to describe it. */
public record Pair(byte[] image, String caption) {}
