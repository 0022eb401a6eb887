package org.safeclip.nn;

import java.util.List;
import java.util.Locale;

/**
 * A part of a model: a record whose components are its parameters, buffers and submodules (see the package for the
 * rules). Names and order of the parameters follow the declaration, for checkpoint, optimiser, count and printed tree
 * alike.
 */
@SuppressWarnings("JavaLangClash") // the textbook's word; java.lang.Module is not used in this project
public interface Module {
    /** Every trained tensor with its path, in order of declaration. */
    default List<Parameter> parameters() {
        return ModuleWalk.of(this).parameters();
    }

    /** Every buffer with its path, in order of declaration. */
    default List<Buffer> buffers() {
        return ModuleWalk.of(this).buffers();
    }

    /** Number of trained parameters, counting every element. */
    default long count() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.tensor().shape().size())
                .sum();
    }

    /** The tree of submodules with shapes and counts, one a line, for display. */
    default String tree() {
        StringBuilder out = new StringBuilder();
        for (ModuleWalk.Line line : ModuleWalk.of(this).lines()) {
            String label = "  ".repeat(line.depth()) + line.label();
            out.append(String.format(Locale.ROOT, "%-48s %,14d%n", label, line.count()));
        }
        return out.toString();
    }

    /**
     * A copy of the module whose parameters are constants, for passes that need no gradient. It shares the arrays, so
     * it follows every later step of the optimiser.
     */
    static <M extends Module> M detached(M module) {
        return DetachedCopy.of(module);
    }
}
