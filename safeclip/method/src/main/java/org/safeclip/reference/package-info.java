/**
 * What only the authors' release of SafeCLIP does: learning rates that swing, a safe set by cosine, other orders of the passes.
 * Each is a part that a {@link org.safeclip.SafeClip} can be built with instead of its usual one.
 */
@NullMarked
package org.safeclip.reference;

import org.jspecify.annotations.NullMarked;
