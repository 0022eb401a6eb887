/**
 * The OpenCL backend, a guest: nobody requires this module, it is found as a service.
 *
 * <p>This version finds devices and refuses to open them, because it has no kernels yet; the refusal names what was
 * found. {@code org.jocl} is imported in this package only.
 */
@NullMarked
package org.safeclip.opencl;

import org.jspecify.annotations.NullMarked;
