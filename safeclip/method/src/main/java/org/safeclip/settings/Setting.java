package org.safeclip.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares one setting on a component of a settings record. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default, written as in a configuration file; texts without quotes. */
    String value();

    /** What the setting does, in one sentence without a full stop. */
    String meaning();

    /** Where the default comes from, or what the paper uses; empty where there is nothing to say. */
    String source() default "";

    /** Smallest value allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** Largest value allowed. */
    double max() default Double.POSITIVE_INFINITY;

    /** Whether {@link #min} itself is refused. */
    boolean aboveMin() default false;

    /** Whether {@link #max} itself is refused. */
    boolean belowMax() default false;
}
