package org.safeclip.nn;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.Tensor;

/** Copies a module, sharing its arrays, with constants in place of parameters: its results have no history. */
final class DetachedCopy {
    private DetachedCopy() {}

    static <M extends Module> M of(M module) {
        RecordComponent[] components = module.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = copy(components[i].getAccessor().invoke(module));
            }
            @SuppressWarnings("unchecked") // the constructor of M's own class
            M twin = (M) module.getClass().getDeclaredConstructor(types).newInstance(values);
            return twin;
        } catch (IllegalAccessException
                | NoSuchMethodException
                | InstantiationException
                | InvocationTargetException e) {
            throw new IllegalStateException(
                    module.getClass().getName() + " cannot be copied: make it a public record and export its package",
                    e);
        }
    }

    private static @Nullable Object copy(@Nullable Object value) {
        return switch (value) {
            case Tensor tensor -> Tensor.constant(tensor.value());
            case Module module -> of(module);
            case List<?> list -> list.stream().map(DetachedCopy::copy).toList();
            case null -> null;
            default -> value;
        };
    }
}
