package org.safeclip.experiments.eval;

/**
 * Data of the full evaluation besides the zero-shot tests.
 *
 * @param labelled clean training images with their coarse classes, to train the linear probe
 * @param gallery held-out images with their captions, for retrieval
 */
public record ProbeAndGallery(Evaluation.TestSet labelled, Retrieval.Gallery gallery) {}
