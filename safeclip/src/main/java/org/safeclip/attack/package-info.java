/**
 * What an attacker does to a set of pairs, and what only the attacker knows about it afterwards.
 *
 * <p>An attack is a step from one {@link org.safeclip.data.PairSet} to another. The poisoned set carries no trace of
 * which rows are poisons; that stands in a {@link org.safeclip.attack.PoisonMask} beside it, for diagnosis and
 * evaluation. The defence never imports this room.
 */
@NullMarked
package org.safeclip.attack;

import org.jspecify.annotations.NullMarked;
