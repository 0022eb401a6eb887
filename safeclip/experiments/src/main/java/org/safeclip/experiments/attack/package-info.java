/**
 * Attacks on a data set: the poisons, the knowledge of which pairs are poisons, and the tests of success.
 *
 * <p>An {@link org.safeclip.experiments.attack.Attack} is one class: it poisons, makes the test set for attack success, and
 * verifies that the stored poisons are intact. The {@link org.safeclip.experiments.attack.AttackCatalogue} lists them. The
 * poisoned pairs do not say which of them are poisons; a separate {@link org.safeclip.experiments.attack.PoisonMask} does, for
 * diagnostics and evaluation.
 */
@NullMarked
package org.safeclip.experiments.attack;

import org.jspecify.annotations.NullMarked;
