/**
 * What SafeCLIP is compared with: CLIP with and without augmentation, RoCLIP, CleanCLIP, and a filter of duplicate images.
 *
 * <p>Each is a {@link org.safeclip.TrainingMethod} over the same trainer, so all see the same pairs, views and optimiser.
 */
@NullMarked
package org.safeclip.baseline;

import org.jspecify.annotations.NullMarked;
