package org.safeclip.loss;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** The pools of past embeddings of the in-modal loss. */
@SettingsTable("pools")
public record PoolSettings(
        @Meaning("a view is matched with its nearest neighbour in a pool, not with the other view of its pair. Off "
                + "here: a pool this small seldom holds the same thing twice")
        @Setting(value = "false", source = "paper: true; release: false")
        boolean neighbours,

        @Meaning("epochs in which the two views of a pair are matched all the same")
        @Setting(value = "0", range = "[0, )", source = "paper: 0")
        int neighboursAfter,

        @Meaning("rows of each pool; 0: 2 % of the pairs, at least two batches, at most 65,536")
        @Setting(value = "0", range = "[0, )", source = "paper: 2 %; release: 256")
        int size,

        @Meaning("refills the pools with pairs drawn from all before each mixed epoch, whose in-modal pass adds "
                + "none but risky ones")
        @Setting(value = "false", source = "release: false")
        boolean refill) {

    private static final int LARGEST = 65_536;

    /** Refuses values outside their range. */
    public PoolSettings {
        Settings.check(PoolSettings.class, neighbours, neighboursAfter, size, refill);
    }

    /** The default of every setting. */
    public static PoolSettings defaults() {
        return Settings.defaults(PoolSettings.class);
    }

    /**
     * M, the rows of a pool.
     *
     * @param size as set, 0 for the default
     * @param pairs N
     */
    public static int rows(int size, int pairs, int batchSize) {
        return size > 0 ? size : (int) Math.max(2L * batchSize, Math.min(Math.round(0.02 * pairs), LARGEST));
    }
}
