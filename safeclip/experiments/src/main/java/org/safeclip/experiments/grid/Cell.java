package org.safeclip.experiments.grid;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.MethodCatalogue;

/**
 * One training run of a grid.
 *
 * @param row name of its row in the table: a method, or a variant of one
 * @param method training method
 * @param attacks attacks on the pairs, in order
 * @param config all settings, the seed included
 */
public record Cell(String row, MethodCatalogue.Entry method, List<String> attacks, ExperimentConfig config) {
    /** The run folder, inside the folder of the grid. */
    public Path folder(Path grid) {
        return grid.resolve(AttackCatalogue.label(attacks)).resolve(slug(row)).resolve("seed-" + config.seed());
    }

    /** Whether this is plain CLIP with no settings changed: the attack success without a defence. */
    public boolean undefended() {
        return method.name().equals(MethodCatalogue.CLIP) && row.equals(method.name());
    }

    @Override
    public String toString() {
        return AttackCatalogue.label(attacks) + ", " + row + ", seed " + config.seed();
    }

    /** Converts a name to lower-case letters, digits and hyphens, which every file system accepts. */
    static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
