package org.safeclip.experiments.extension;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.data.Pair;
import org.safeclip.experiments.attack.Attack;
import org.safeclip.experiments.attack.AttackSettings;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.PoisonedDataset;
import org.safeclip.experiments.attack.StoredPairs;
import org.safeclip.experiments.attack.Verification;
import org.safeclip.experiments.dataset.HeldOutImage;

/** An example of a new backdoor: the upper left corner in inverted colours. It needs only this class. */
final class InvertedCorner implements Attack {
    private final AttackSettings settings;
    private String target = "";
    private List<HeldOutImage> images = List.of();
    private int[] rows = {};

    InvertedCorner(AttackSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "inverted-corner";
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        target = data.targetClass(settings.targetClass(), 1, random);
        images = data.drawNotOfClass(name(), target, settings.poisons(), random);
        rows = data.append(
                name(),
                target,
                images.stream()
                        .map(image -> new Pair(inverted(image.pixels()), "a " + target + " thing"))
                        .toList());
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        List<HeldOutImage> others = data.notOfClass(target);
        List<byte[]> inverted =
                others.stream().map(image -> inverted(image.pixels())).toList();
        return AttackTestSet.ofImages(name(), others, inverted, data.classIndex(target));
    }

    @Override
    public Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException {
        Verification verification = Verification.start(name());
        for (int i = 0; i < rows.length; i++) {
            byte[] expected = inverted(images.get(i).pixels());
            verification = verification.with(
                    Arrays.equals(expected, stored.read(rows[i]).image()));
        }
        return verification;
    }

    static byte[] inverted(byte[] pixels) {
        int side = (int) Math.sqrt(pixels.length / 3);
        byte[] changed = pixels.clone();
        for (int i = 0; i < pixels.length; i++) {
            boolean corner = i / (3 * side) < side / 4 && i / 3 % side < side / 4;
            changed[i] = corner ? (byte) ~pixels[i] : pixels[i];
        }
        return changed;
    }
}
