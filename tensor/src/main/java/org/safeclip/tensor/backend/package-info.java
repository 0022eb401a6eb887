/**
 * The interface to hardware: what a device must be able to do, not how.
 *
 * <p>Decisions that hold for every file of this package and for every backend:
 *
 * <ul>
 *   <li>Numbers are float32 in flat row-major order; integers are {@link org.safeclip.tensor.backend.IntStorage}. The
 *       caller has checked all shapes; a kernel checks nothing.
 *   <li>An output is overwritten whole, unless the kernel says "adds to".
 *   <li>An output may be the same storage as an input of the same size in {@code map}, {@code affine} and {@code zip};
 *       nowhere else may storages overlap.
 *   <li>A storage may be longer than its contents; sizes are always passed.
 *   <li>Reductions run in an order that depends on the sizes alone, never on the number of threads, and no kernel uses
 *       floating-point atomics: the same input gives the same bits.
 *   <li>One thread at a time uses a backend; internally it may use more.
 * </ul>
 */
@NullMarked
package org.safeclip.tensor.backend;

import org.jspecify.annotations.NullMarked;
