/**
 * Images with captions, their augmentation, and the tokenizer.
 *
 * <p>Decisions that every file here follows: an image is 8-bit R, G, B, row by row from the top left (height x width x 3
 * bytes); batches are float32 channel-major ([B, 3, S, S]) and token ids [B, T]; random numbers depend on (seed, draw, pair,
 * view) and never on the order or thread in which they are drawn; nothing here knows which pairs are poisoned.
 */
@NullMarked
package org.safeclip.data;

import org.jspecify.annotations.NullMarked;
