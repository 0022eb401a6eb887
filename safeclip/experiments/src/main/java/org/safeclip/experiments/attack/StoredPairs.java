package org.safeclip.experiments.attack;

import java.io.IOException;
import org.safeclip.data.Pair;

/** A set of pairs as training will read it, in memory or in files. */
@FunctionalInterface
public interface StoredPairs {
    /** The pair in a row. */
    Pair read(int row) throws IOException;
}
