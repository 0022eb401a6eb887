package org.safeclip.experiments.attack;

import java.io.IOException;
import org.safeclip.data.Pair;

/** The pairs as training reads them, in memory or from files. */
@FunctionalInterface
public interface StoredPairs {
    /** Reads the pair of a row, from 0. */
    Pair read(int row) throws IOException;
}
