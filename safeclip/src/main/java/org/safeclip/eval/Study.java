package org.safeclip.eval;

/**
 * What the longer half of an evaluation needs besides the zero-shot tests.
 *
 * @param lessons labelled pictures of those trained on, clean, by which a linear probe learns the kinds
 * @param gallery held-out pictures with their captions, for retrieval
 */
public record Study(Evaluation.TestSet lessons, Retrieval.Gallery gallery) {}
