/**
 * The tests every backend must pass, as library code: one catalogue of cases ({@link
 * org.safeclip.tensor.check.OpCases}), checked against finite differences ({@link
 * org.safeclip.tensor.check.GradientCheck}), against another backend ({@link org.safeclip.tensor.check.AgreementCheck},
 * {@link org.safeclip.tensor.check.KernelCheck}) and against themselves. Nothing here needs a test framework: a check
 * returns an {@link org.safeclip.tensor.check.Outcome}, and {@link org.safeclip.tensor.check.BackendChecks} lists them
 * all, so the tests of a new backend are a loop over that list.
 */
@NullMarked
package org.safeclip.tensor.check;

import org.jspecify.annotations.NullMarked;
