package org.safeclip.experiments.run;

import org.safeclip.experiments.eval.Scores;

/**
 * The evaluation of the model after an epoch.
 *
 * @param scores accuracy and attack success; linear probe and retrieval only at the end of training
 */
public record EvaluationEvent(String method, int epoch, Scores scores) implements Event {}
