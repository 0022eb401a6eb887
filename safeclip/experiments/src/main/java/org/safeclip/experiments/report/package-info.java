/**
 * What people read of a run: tables, charts, and one page with all of them ({@link org.safeclip.experiments.report.Report}).
 *
 * <p>Two decisions are obeyed everywhere in this package. Rates are fractions from 0 to 1 in every file, and percentages only where
 * people read. The page is markup that an XML parser accepts, holds everything it shows, and runs no script.
 */
@NullMarked
package org.safeclip.experiments.report;

import org.jspecify.annotations.NullMarked;
