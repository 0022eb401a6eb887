package org.safeclip.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.safeclip.Config;
import org.safeclip.run.AttackKind;
import org.safeclip.run.Training;

/**
 * One training of the grid.
 *
 * @param row name of the row it belongs to: a method, or a variant of one
 * @param method how to train
 * @param attacks what the pairs suffered
 * @param config all settings, the seed among them
 */
public record Cell(String row, Training.Kind method, List<AttackKind> attacks, Config config) {
    /** Where its run lies within the folder of the grid. */
    public Path folder(Path grid) {
        return grid.resolve(AttackKind.label(attacks)).resolve(slug(row)).resolve("seed-" + config.seed());
    }

    /** Whether it is CLIP with nothing changed: what the attack does where nobody defends. */
    public boolean undefended() {
        return method == Training.Kind.CLIP && row.equals(method.label());
    }

    @Override
    public String toString() {
        return AttackKind.label(attacks) + ", " + row + ", seed " + config.seed();
    }

    /** A name that any file system takes. */
    static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
