/**
 * Settings as records: a component is a setting, its {@link org.safeclip.settings.Setting} annotation gives default, range, meaning
 * and source, and the record's constructor refuses a value outside the range by name.
 *
 * <p>One declaration serves everybody: Java callers ({@link org.safeclip.settings.Settings#defaults}), configuration files, the
 * command line and the list of all settings.
 */
@NullMarked
package org.safeclip.settings;

import org.jspecify.annotations.NullMarked;
