package org.safeclip.data;

/**
 * A picture that is kept out of training: for tests, and for attackers, whose poisons must be new.
 *
 * @param pixels 8-bit RGB, row by row
 * @param caption what it is said to show
 * @param name what it shows, in short
 * @param concept its place in the list of concepts, or −1
 * @param kind its place in the list of kinds, or −1
 */
public record HeldOut(byte[] pixels, String caption, String name, int concept, int kind) {}
