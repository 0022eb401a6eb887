package org.safeclip.experiments.eval;

/**
 * What the longer half of an evaluation needs besides the zero-shot tests.
 *
 * @param labelled labelled pictures of those trained on, clean, by which a linear probe learns the coarse
 * @param gallery held-out pictures with their captions, for retrieval
 */
public record Study(Evaluation.TestSet labelled, Retrieval.Gallery gallery) {}
