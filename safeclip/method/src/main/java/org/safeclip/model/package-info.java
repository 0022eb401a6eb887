/**
 * CLIP: two encoders that map images and captions into one space, and the scale of its similarities.
 *
 * <p>Parameters carry the names of OpenAI's CLIP and open_clip ({@code visual.transformer.resblocks.0.attn.in_proj_weight}).
 * Encoders return raw features; who compares them normalises them first.
 */
@NullMarked
package org.safeclip.model;

import org.jspecify.annotations.NullMarked;
