/**
 * Two backends on the processor: {@link org.safeclip.tensor.cpu.ScalarKernels}, plain loops, the reference every
 * other backend is tested against, and {@link org.safeclip.tensor.cpu.SimdKernels}, faster but equivalent.
 *
 * <p>Memory is {@code float[]}: plain loops over it vectorise, and a learner can read them. Hot loops are static
 * methods with species in {@code static final} fields and accumulators in locals; no lambda and no interface call
 * inside.
 */
@NullMarked
package org.safeclip.tensor.cpu;

import org.jspecify.annotations.NullMarked;
