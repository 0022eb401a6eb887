/** Models and events in the formats of other programs: ONNX and TensorBoard, both of which are protocol buffers. */
@NullMarked
package org.safeclip.experiments.export;

import org.jspecify.annotations.NullMarked;
