/**
 * What a run leaves behind for people: the numbers ({@link org.safeclip.report.Result}), the story in events
 * ({@link org.safeclip.report.Metrics}) and one page that shows both ({@link org.safeclip.report.Report}).
 *
 * <p>Two decisions are obeyed everywhere in this room. Rates are fractions from 0 to 1 in every file, and percentages
 * only where people read. The page is markup that an XML parser accepts, holds everything it shows, and runs no script.
 */
@NullMarked
package org.safeclip.report;

import org.jspecify.annotations.NullMarked;
