package org.safeclip.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the table of a settings record in configuration files and messages: {@code safeclip} for {@code safeclip.growth}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SettingsTable {
    /** The name; nested tables have dots, such as {@code model.text}. */
    String value();
}
