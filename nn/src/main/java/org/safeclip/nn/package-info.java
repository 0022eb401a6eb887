/**
 * Layers as records.
 *
 * <p>Decisions that hold for every file of this package:
 *
 * <ul>
 *   <li>A layer is a record: {@link org.safeclip.tensor.Tensor} components are trained parameters, {@link
 *       org.safeclip.tensor.NdArray} components are buffers (kept with the checkpoint, never trained), {@link
 *       org.safeclip.nn.Module} components and lists of them are children; everything else is a setting. Names, order,
 *       count and printed tree come from that declaration alone.
 *   <li>Parameter names are those of OpenAI's CLIP and open_clip, so that the rest of the world can read the files;
 *       where the component has a better name for a reader, {@link org.safeclip.nn.Named} gives the one for the file.
 *   <li>Parameters are allocated outside any scope: they live as long as their backend.
 *   <li>Linear weights are {@code [out, in]}; bare projections are {@code [in, out]} and multiplied from the right.
 *   <li>Shape letters: B batch, T tokens, D width, H heads, C channels.
 * </ul>
 */
@NullMarked
package org.safeclip.nn;

import org.jspecify.annotations.NullMarked;
