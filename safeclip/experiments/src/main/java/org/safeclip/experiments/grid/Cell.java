package org.safeclip.experiments.grid;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.MethodCatalogue;

/**
 * One training of the grid.
 *
 * @param row name of the row it belongs to: a method, or a variant of one
 * @param method how to train
 * @param attacks what the pairs suffered
 * @param config all settings, the seed among them
 */
public record Cell(String row, MethodCatalogue.Entry method, List<String> attacks, ExperimentConfig config) {
    /** Where its run lies within the folder of the grid. */
    public Path folder(Path grid) {
        return grid.resolve(AttackCatalogue.label(attacks)).resolve(slug(row)).resolve("seed-" + config.seed());
    }

    /** Whether it is CLIP with nothing changed: what the attack does where nobody defends. */
    public boolean undefended() {
        return method.name().equals(MethodCatalogue.CLIP) && row.equals(method.name());
    }

    @Override
    public String toString() {
        return AttackCatalogue.label(attacks) + ", " + row + ", seed " + config.seed();
    }

    /** A name that any file system takes. */
    static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
