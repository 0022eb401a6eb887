/**
 * How fast the kernels are, measured with JMH. Every benchmark first proves its backend's answer against the scalar one
 * and only then takes the time: a wrong kernel has no speed.
 */
@NullMarked
package org.safeclip.bench;

import org.jspecify.annotations.NullMarked;
