/**
 * Named numbers to and from one file. Layers do not know that files exist: names and order come from
 * {@link org.safeclip.nn.Module}.
 */
@NullMarked
package org.safeclip.nn.io;

import org.jspecify.annotations.NullMarked;
