package org.safeclip.compare;

import java.nio.file.Path;
import java.util.Locale;
import org.safeclip.Config;
import org.safeclip.run.Scenario.AttackKind;
import org.safeclip.run.Training;

/**
 * One training of the grid.
 *
 * @param row name of the row it belongs to: a method, or a variant of one
 * @param method how to train
 * @param attack what the pairs suffered
 * @param config all settings, the seed among them
 */
public record Cell(String row, Training.Kind method, AttackKind attack, Config config) {
    /** Where its run lies within the folder of the grid. */
    public Path folder(Path grid) {
        return grid.resolve(attack.label()).resolve(slug(row)).resolve("seed-" + config.seed());
    }

    /** Whether it is CLIP with nothing changed: what the attack does where nobody defends. */
    public boolean undefended() {
        return method == Training.Kind.CLIP && row.equals(method.label());
    }

    @Override
    public String toString() {
        return attack.label() + ", " + row + ", seed " + config.seed();
    }

    /** A name that any file system takes. */
    static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
