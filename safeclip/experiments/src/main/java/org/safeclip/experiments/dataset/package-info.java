/**
 * Data sets: image-caption pairs to train on, held-out images, and the classes of the zero-shot tests. They come from the
 * embedded emoji or from a csv file of the user.
 */
@NullMarked
package org.safeclip.experiments.dataset;

import org.jspecify.annotations.NullMarked;
