/**
 * Evaluation of a model: accuracy, retrieval and attack success. Every rate has its counts and an exact confidence interval. The
 * training methods never import this package.
 */
@NullMarked
package org.safeclip.experiments.eval;

import org.jspecify.annotations.NullMarked;
