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
import org.safeclip.data.PictureFile;

/**
 * Reads the poisons of a written folder back and compares them with what was meant: a trigger can be lost on the way to the
 * disk, to rounding, to compression, or to a row that went elsewhere.
 *
 * @param folder with train.csv
 * @param corpus what the attack started from
 * @param campaign what it did
 */
record WrittenPoisons(Path folder, Corpus corpus, Campaign campaign) {
    List<Verified> verify() throws IOException {
        List<CsvPairs.Row> rows = CsvPairs.read(folder.resolve("train.csv"));
        int expected = campaign.poisoned().pairs().size();
        if (rows.size() != expected) {
            throw new IOException(folder.resolve("train.csv") + ": holds " + rows.size() + " pairs, expected "
                    + expected + "; the disk may be full");
        }
        List<Verified> verified = new ArrayList<>();
        Iterator<PoisonMask.Group> groups = campaign.poisoned().mask().groups().iterator();
        for (Campaign.Strike strike : campaign.strikes()) {
            List<Survival> survivals = new ArrayList<>();
            if (strike.attack() instanceof TargetedPoison poison) {
                for (TargetedPoison.Target target : poison.targets()) {
                    for (int row : groups.next().rows()) {
                        byte[] stored = PictureFile.read(rows.get(row).picture());
                        survivals.add(whole(Arrays.equals(target.picture().pixels(), stored)));
                    }
                }
            } else {
                int[] poisons = groups.next().rows();
                for (int i = 0; i < poisons.length; i++) {
                    survivals.add(survival(strike.attack(), i, poisons[i], rows.get(poisons[i])));
                }
            }
            verified.add(Verified.of(strike.kind().label(), survivals));
        }
        return verified;
    }

    private Survival survival(Attack attack, int number, int row, CsvPairs.Row stored) throws IOException {
        return switch (attack) {
            case Backdoor backdoor ->
                survival(backdoor.marker(), backdoor.bases().get(number).pixels(), number, stored);
            case LabelConsistent consistent ->
                survival(consistent.marker(), corpus.train().image(row), number, stored);
            case TextTrigger text -> whole(new Mentions(text.word()).test(stored.caption()));
            case TargetedPoison poison ->
                throw new IllegalArgumentException(poison.name() + " has targets instead of a trigger");
        };
    }

    private static Survival survival(Marker marker, byte[] clean, int number, CsvPairs.Row row) throws IOException {
        return Survival.of(clean, marker.exact(clean, number), PictureFile.read(row.picture()));
    }

    private static Survival whole(boolean there) {
        return new Survival(there ? 1 : 0, 0, 0);
    }
}
