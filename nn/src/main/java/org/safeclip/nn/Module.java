package org.safeclip.nn;

import java.util.List;
import java.util.Locale;

/**
 * A part of a model: a record whose components say what it consists of (see the package for the rules). One walk over the
 * declaration gives the parameters, their names and their order to checkpoint, optimiser, count and printed tree.
 */
@SuppressWarnings("JavaLangClash") // the textbook's word; java.lang.Module is not used in this project
public interface Module {
    /** Every trained tensor, in the order of declaration. */
    default List<Parameter> parameters() {
        return ModuleWalk.of(this).parameters();
    }

    /** Every buffer, in the order of declaration. */
    default List<Buffer> buffers() {
        return ModuleWalk.of(this).buffers();
    }

    /** Number of trained numbers. */
    default long count() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.tensor().shape().size())
                .sum();
    }

    /** The tree of parts with their shapes and counts, one a line, for people. */
    default String tree() {
        StringBuilder out = new StringBuilder();
        for (ModuleWalk.Line line : ModuleWalk.of(this).lines()) {
            String label = "  ".repeat(line.depth()) + line.label();
            out.append(String.format(Locale.ROOT, "%-48s %,14d%n", label, line.count()));
        }
        return out.toString();
    }

    /**
     * The same module over the same numbers, its parameters taken as constants: for passes that need no gradient. It sees
     * every later step of the optimiser, because the arrays are shared.
     */
    static <M extends Module> M detached(M module) {
        return DetachedCopy.of(module);
    }
}
