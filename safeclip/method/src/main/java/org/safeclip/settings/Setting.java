package org.safeclip.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a setting on a component of a settings record; {@link Meaning} says what it does. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default, written as in a configuration file; texts without quotes. */
    String value();

    /** Where the default comes from, or what the paper uses; empty where there is nothing to say. */
    String source() default "";

    /** The numbers allowed, in the notation of {@link Range#parse}. */
    String range() default "(, )";
}
