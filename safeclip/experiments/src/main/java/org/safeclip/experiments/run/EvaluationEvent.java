package org.safeclip.experiments.run;

import org.safeclip.experiments.eval.Scores;

/**
 * How good and how fooled the model was after an epoch.
 *
 * @param scores what it was asked; the linear probe and retrieval at the end of training only
 */
public record EvaluationEvent(String method, int epoch, Scores scores) implements Event {}
