package org.safeclip.nn;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Name of a record component in parameter paths, where it differs from the name in the code; an empty name adds no step
 * to the path.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Named {
    /** The name, such as {@code in_proj_weight}; it may have several steps, as {@code transformer.resblocks} has. */
    String value();
}
