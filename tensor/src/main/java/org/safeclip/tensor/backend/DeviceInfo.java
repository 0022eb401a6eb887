package org.safeclip.tensor.backend;

import java.util.List;

/**
 * One device a backend could be opened on, for people.
 *
 * @param name by which it can be asked for
 * @param facts a line each: driver, memory, limits
 */
public record DeviceInfo(String name, List<String> facts) {}
