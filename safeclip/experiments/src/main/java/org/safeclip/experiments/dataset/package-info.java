/**
 * Data sets: images with captions to train on, images kept out of training, and the classes a model is asked about. Either the emoji
 * that ship with the program or pairs of the user's own.
 */
@NullMarked
package org.safeclip.experiments.dataset;

import org.jspecify.annotations.NullMarked;
