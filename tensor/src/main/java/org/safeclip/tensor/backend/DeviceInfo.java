package org.safeclip.tensor.backend;

import java.util.List;

/**
 * Description of one device that a backend can open, for display.
 *
 * @param name by which it can be selected
 * @param facts driver, memory and limits, a line each
 */
public record DeviceInfo(String name, List<String> facts) {}
