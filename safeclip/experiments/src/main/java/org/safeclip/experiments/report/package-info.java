/**
 * Output for readers: tables, charts, and the HTML report with all of them ({@link org.safeclip.experiments.report.Report}).
 *
 * <p>Two rules hold in this package. Rates are fractions from 0 to 1 in data files and percentages in text for readers. The
 * report is valid XML, self-contained, and can be read without its scripts.
 */
@NullMarked
package org.safeclip.experiments.report;

import org.jspecify.annotations.NullMarked;
