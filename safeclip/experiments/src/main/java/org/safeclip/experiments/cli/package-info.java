/** The command line, one class per command. */
@NullMarked
package org.safeclip.experiments.cli;

import org.jspecify.annotations.NullMarked;
