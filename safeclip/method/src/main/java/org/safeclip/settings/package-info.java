/**
 * Settings as records: a component is a setting, its annotations {@link org.safeclip.settings.Setting} and
 * {@link org.safeclip.settings.Meaning} give default, range, source and meaning, and the record's constructor refuses a value outside the range by name.
 *
 * <p>One declaration serves everybody: Java callers ({@link org.safeclip.settings.Settings#defaults}), configuration files, the
 * command line and the list of all settings.
 */
@NullMarked
package org.safeclip.settings;

import org.jspecify.annotations.NullMarked;
