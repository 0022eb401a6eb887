/**
 * SafeCLIP (Yang, Gao and Mirzasoleiman, ICML 2024, arXiv 2310.05862): pre-training of CLIP that learns from poisoned data
 * without being fooled by it. Start at {@link org.safeclip.SafeClip}.
 */
@NullMarked
package org.safeclip;

import org.jspecify.annotations.NullMarked;
