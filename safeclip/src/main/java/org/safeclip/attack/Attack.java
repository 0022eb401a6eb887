package org.safeclip.attack;

import java.util.random.RandomGenerator;
import org.safeclip.data.PairSet;

/** A step that poisons a set of pairs; the same set and the same seed give the same poisons. */
public sealed interface Attack permits TargetedPoison, BadNet {

    /** The name used in reports and on the command line. */
    String name();

    /** Poisons a set. Honest pairs keep their rows, so that a mask stays right when another attack follows. */
    Poisoned apply(PairSet clean, RandomGenerator random);
}
