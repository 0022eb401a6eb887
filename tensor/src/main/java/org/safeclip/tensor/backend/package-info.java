/**
 * The contract with hardware: what a device must be able to do, and nothing about how.
 *
 * <p>Decisions that hold for every file of this package and for every backend:
 *
 * <ul>
 *   <li>Numbers are float32 in flat row-major order; integers are {@link org.safeclip.tensor.backend.IntStorage}. Shapes were
 *       checked by the caller, so a kernel checks nothing.
 *   <li>An output is written whole: what it held before does not matter, unless the kernel says "adds to".
 *   <li>An output may be the same storage as an input of the same size in {@code map}, {@code affine} and {@code zip};
 *       nowhere else may storages overlap.
 *   <li>A storage may be longer than the numbers it is asked to hold; sizes are always given.
 *   <li>Reductions run in an order that depends on the sizes alone, never on the number of threads, and no kernel uses
 *       floating-point atomics: the same numbers in give the same bits out.
 *   <li>One backend is used by one thread at a time; what it does inside to use more is its own affair.
 * </ul>
 */
@NullMarked
package org.safeclip.tensor.backend;

import org.jspecify.annotations.NullMarked;
