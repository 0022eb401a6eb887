/**
 * Pictures with captions, and the ways to look at them.
 *
 * <p>Decisions every file here obeys: a picture is 8-bit R, G, B, row by row from the top left (height x width x 3
 * bytes); arrays handed to the learner are float32 channel-major ([B, 3, S, S]) and token ids [B, T]; a random draw
 * depends on (seed, epoch, pair, view) and never on the order or thread in which it is made; nothing here knows which
 * pairs are poisoned.
 */
@NullMarked
package org.safeclip.data;

import org.jspecify.annotations.NullMarked;
