/**
 * What an attacker does to a data set, and what only the attacker knows about it afterwards.
 *
 * <p>An {@link org.safeclip.experiments.attack.Attack} is one class: it poisons, it makes the test that shows whether a model was
 * fooled, and it verifies that the poisons are what they were meant to be. The
 * {@link org.safeclip.experiments.attack.AttackCatalogue} lists them. The poisoned pairs carry no trace of which are poisons; that
 * is in a {@link org.safeclip.experiments.attack.PoisonMask} beside them, for diagnosis and evaluation.
 */
@NullMarked
package org.safeclip.experiments.attack;

import org.jspecify.annotations.NullMarked;
