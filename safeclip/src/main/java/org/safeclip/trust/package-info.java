/**
 * The outer loop's arithmetic: similarities to a mixture, the mixture to posteriors, posteriors to the split that
 * decides which loss a pair may see.
 *
 * <p>Arrays in, records out: only {@link org.safeclip.trust.Similarities} knows a model. Nothing here that training uses
 * has ever seen a poison label; {@link org.safeclip.trust.SplitDiagnostics} takes the labels from outside, beside a
 * finished split, and training never reads its answer.
 */
@NullMarked
package org.safeclip.trust;

import org.jspecify.annotations.NullMarked;
