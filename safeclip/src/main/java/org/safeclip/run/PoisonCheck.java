package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.safeclip.attack.Attack;
import org.safeclip.attack.Backdoor;
import org.safeclip.attack.LabelConsistent;
import org.safeclip.attack.Marker;
import org.safeclip.attack.Mentions;
import org.safeclip.attack.PoisonMask;
import org.safeclip.attack.Survival;
import org.safeclip.attack.TargetedPoison;
import org.safeclip.attack.TextTrigger;
import org.safeclip.attack.Verified;
import org.safeclip.data.Corpus;
import org.safeclip.data.CsvPairs;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.PictureFile;

/**
 * Compares the poisons of a set as it was stored with what was meant: a trigger can be lost on the way, to rounding, to
 * compression, or to a row that went elsewhere.
 *
 * @param corpus what the attack started from
 * @param campaign what it did
 * @param stored the pair in every row, as training will read it
 */
record PoisonCheck(Corpus corpus, Campaign campaign, Rows stored) {
    /** A set of pairs, wherever it lies. */
    @FunctionalInterface
    interface Rows {
        /** The pair in a row. */
        Pair read(int row) throws IOException;
    }

    /** Of a written folder. */
    static PoisonCheck written(Path folder, Corpus corpus, Campaign campaign) throws IOException {
        List<CsvPairs.Row> rows = CsvPairs.read(folder.resolve("train.csv"));
        int expected = campaign.poisoned().pairs().size();
        if (rows.size() != expected) {
            throw new IOException(folder.resolve("train.csv") + ": holds " + rows.size() + " pairs, expected "
                    + expected + "; the disk may be full");
        }
        return new PoisonCheck(
                corpus,
                campaign,
                row -> new Pair(
                        PictureFile.read(rows.get(row).picture()), rows.get(row).caption()));
    }

    /** Of the pairs in memory. */
    static PoisonCheck inMemory(Corpus corpus, Campaign campaign) {
        PairSet pairs = campaign.poisoned().pairs();
        return new PoisonCheck(corpus, campaign, row -> new Pair(pairs.image(row), pairs.caption(row)));
    }

    /** What became of every attack. */
    List<Verified> verify() throws IOException {
        List<Verified> verified = new ArrayList<>();
        Iterator<PoisonMask.Group> groups = campaign.struck().iterator();
        for (Campaign.Strike strike : campaign.strikes()) {
            List<Survival> survivals = new ArrayList<>();
            if (strike.attack() instanceof TargetedPoison poison) {
                for (TargetedPoison.Target target : poison.targets()) {
                    for (int row : groups.next().rows()) {
                        byte[] found = stored.read(row).image();
                        survivals.add(whole(Arrays.equals(target.picture().pixels(), found)));
                    }
                }
            } else {
                int[] poisons = groups.next().rows();
                for (int i = 0; i < poisons.length; i++) {
                    survivals.add(survival(strike.attack(), i, poisons[i]));
                }
            }
            verified.add(Verified.of(strike.kind().label(), survivals));
        }
        return verified;
    }

    private Survival survival(Attack attack, int number, int row) throws IOException {
        Pair found = stored.read(row);
        return switch (attack) {
            case Backdoor backdoor ->
                survival(backdoor.marker(), backdoor.bases().get(number).pixels(), number, found);
            case LabelConsistent consistent ->
                survival(consistent.marker(), corpus.train().image(row), number, found);
            case TextTrigger text -> whole(new Mentions(text.word()).test(found.caption()));
            case TargetedPoison poison ->
                throw new IllegalArgumentException(poison.name() + " has targets instead of a trigger");
        };
    }

    private static Survival survival(Marker marker, byte[] clean, int number, Pair found) {
        return Survival.of(clean, marker.exact(clean, number), found.image());
    }

    private static Survival whole(boolean there) {
        return new Survival(there ? 1 : 0, 0, 0);
    }
}
