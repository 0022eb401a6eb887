/**
 * Golden values: results of PyTorch, scikit-learn, SciPy and Pillow, and the tests' only reader of them. The README beside the
 * values says what each operation means. This package and the values are the test jar of this module, so every module's
 * tests read the same ones. {@code PublishedFile}, which writes weights as others publish them, is shared in the same way.
 *
 * <p>A golden test is a {@code @TestFactory} that returns {@link org.safeclip.golden.Golden#tests}; each case becomes one test.
 * A check must ask for everything its case says, attributes included, or say why it leaves something out; what it forgets
 * fails the test. {@code GoldenCoverageTest} fails if no test names a case's operation.
 */
@NullMarked
package org.safeclip.golden;

import org.jspecify.annotations.NullMarked;
