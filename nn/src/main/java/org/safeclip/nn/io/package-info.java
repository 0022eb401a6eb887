/**
 * Reads and writes named tensors in safetensors files. Layers know nothing of files: names and order come from
 * {@link org.safeclip.nn.Module}.
 */
@NullMarked
package org.safeclip.nn.io;

import org.jspecify.annotations.NullMarked;
