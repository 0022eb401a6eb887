/**
 * Snappy for Parquet files, under the name by which their reader looks for it. The usual library of this name is native code that
 * writes beyond the end of its buffer if a damaged or hostile file says so (the length in the data is not compared with the room
 * there is), which ends the process or worse. This one checks every index.
 */
@NullMarked
package org.xerial.snappy;

import org.jspecify.annotations.NullMarked;
