/**
 * The outer loop: similarities of all pairs, a mixture fitted to them, and the split into safe and risky pairs that decides which
 * loss a pair may see.
 *
 * <p>Only {@link org.safeclip.selection.Similarities} knows a model; everything else is arrays in, records out.
 */
@NullMarked
package org.safeclip.selection;

import org.jspecify.annotations.NullMarked;
