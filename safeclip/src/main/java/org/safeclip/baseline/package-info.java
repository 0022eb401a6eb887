/** What SafeCLIP is compared with. */
@NullMarked
package org.safeclip.baseline;

import org.jspecify.annotations.NullMarked;
