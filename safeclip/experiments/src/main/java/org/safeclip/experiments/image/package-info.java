/**
 * Image files: decoded with the right colours and every pixel, or refused with a reason. Everything here treats a file as
 * untrusted: its size is checked before it is read, its number of pixels before it is decoded.
 */
@NullMarked
package org.safeclip.experiments.image;

import org.jspecify.annotations.NullMarked;
