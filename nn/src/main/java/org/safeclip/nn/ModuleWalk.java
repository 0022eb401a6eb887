package org.safeclip.nn;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;

/** Traverses the records of a model in order of declaration and collects parameters, buffers and lines of the tree. */
final class ModuleWalk {
    /** One line of the printed tree: a module with everything below it, or one tensor. */
    record Line(int depth, String label, long count) {}

    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    private final Map<String, Object> owners = new HashMap<>();

    private ModuleWalk() {}

    static ModuleWalk of(Module root) {
        ModuleWalk walk = new ModuleWalk();
        walk.module(root, "", "", 0);
        return walk;
    }

    List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    List<Buffer> buffers() {
        return List.copyOf(buffers);
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Returns the number of trained elements found. */
    private long module(Module module, String path, String label, int depth) {
        RecordComponent[] components = module.getClass().getRecordComponents();
        if (components == null) {
            throw new IllegalStateException(
                    module.getClass().getName() + " is a Module but not a record: declare it as one");
        }
        int line = lines.size();
        lines.add(new Line(depth, "", 0)); // its count is known only after the children
        long count = 0;
        for (RecordComponent component : components) {
            Named named = component.getAnnotation(Named.class);
            String name = named == null ? component.getName() : named.value();
            count += component(read(component, module), join(path, name), name, depth + 1);
        }
        String type = module.getClass().getSimpleName();
        lines.set(line, new Line(depth, label.isEmpty() ? type : label + ": " + type, count));
        return count;
    }

    private long component(@Nullable Object value, String path, String label, int depth) {
        return switch (value) {
            case Tensor tensor -> {
                claim(tensor, path);
                parameters.add(new Parameter(path, tensor));
                lines.add(new Line(
                        depth, label + " " + tensor.shape(), tensor.shape().size()));
                yield tensor.shape().size();
            }
            case NdArray values -> {
                claim(values, path);
                buffers.add(new Buffer(path, values));
                lines.add(new Line(depth, label + " " + values.shape() + " (buffer)", 0));
                yield 0;
            }
            case Module module -> module(module, path, label, depth);
            case List<?> list -> {
                long count = 0;
                for (int i = 0; i < list.size(); i++) {
                    count += component(list.get(i), join(path, Integer.toString(i)), join(label, "" + i), depth);
                }
                yield count;
            }
            case null -> 0;
            default -> 0; // a setting
        };
    }

    /** A tensor under two names would be stepped twice, a name for two tensors saved once: both are mistakes. */
    private void claim(Object tensor, String path) {
        String other = names.put(tensor, path);
        if (other != null) {
            throw new IllegalStateException("one tensor stands under two names: '" + other + "' and '" + path + "'");
        }
        if (owners.put(path, tensor) != null) {
            throw new IllegalStateException("two tensors have the name '" + path + "'");
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
    }

    private static @Nullable Object read(RecordComponent component, Module module) {
        Method accessor = component.getAccessor();
        accessor.trySetAccessible(); // for records that are not public, in a package opened to this module
        try {
            return accessor.invoke(module);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    module.getClass().getName() + " cannot be read: make it public and export or open its package", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(accessor + " failed", e.getCause());
        }
    }
}
