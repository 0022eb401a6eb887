/** The command line: one class a command, nothing clever. */
@NullMarked
package org.safeclip.experiments.cli;

import org.jspecify.annotations.NullMarked;
