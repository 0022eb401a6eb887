package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.experiments.dataset.PromptTemplates;

/** Ninety small pairs of three classes, thirty of each, and sixty held-out images. */
final class NinetyPairs {
    static final int SIDE = 8;
    static final List<String> CLASSES = List.of("fruit", "sea animal", "tool");

    private NinetyPairs() {}

    /** The data set; {@code more} are classes that no caption names. */
    static Dataset dataset(String... more) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            pairs.add(pair(i, CLASSES.get(i % 3) + ": thing " + i));
        }
        List<HeldOutImage> heldOut = IntStream.range(0, 60)
                .mapToObj(i -> heldOut(1000 + i, "image " + i, i % 3))
                .toList();
        return dataset(pairs, heldOut, more);
    }

    static Dataset dataset(List<Pair> pairs, List<HeldOutImage> heldOut, String... more) {
        List<String> names = new ArrayList<>(CLASSES);
        names.addAll(Arrays.asList(more));
        ClassList classes = ClassList.of(names, new PromptTemplates(List.of("{}")));
        return new Dataset(
                PairSet.of(SIDE, pairs),
                IntStream.range(0, pairs.size()).toArray(),
                heldOut,
                List.of(),
                classes,
                classes,
                List.of());
    }

    /** Settings of an attack, such as "poisons=3". */
    static AttackSettings settings(String... settings) {
        List<String> overrides =
                Arrays.stream(settings).map(setting -> "attack." + setting).toList();
        return ConfigFile.preset("tiny", overrides).attack();
    }

    /** Makes the trigger of the tests. */
    static Trigger patch() {
        return FixedPatch.coloured(SIDE);
    }

    static Pair pair(int seed, String caption) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        new SplittableRandom(seed).nextBytes(pixels);
        return new Pair(pixels, caption);
    }

    private static HeldOutImage heldOut(int seed, String name, int coarse) {
        return new HeldOutImage(pair(seed, name).image(), List.of(CLASSES.get(coarse) + ": " + name), name, -1, coarse);
    }

    /** The data set after an attack. */
    static PoisonedDataset poisoned(Dataset dataset, Attack attack, long seed) {
        PoisonedDataset data = PoisonedDataset.clean(dataset);
        attack.poison(data, new SplittableRandom(seed));
        return data;
    }

    /** The held-out images that poisons were made of. */
    static List<HeldOutImage> taken(PoisonedDataset data) {
        return data.clean().heldOut().stream()
                .filter(image -> !data.heldOut().contains(image))
                .toList();
    }

    /** Checks that rows outside the mask are unchanged, and that all new or changed rows are in the mask. */
    static void checkCleanPairsUnchanged(PoisonedDataset data) {
        PairSet clean = data.clean().train();
        BitSet poisons = data.mask().rows();
        for (int i = 0; i < data.pairs().size(); i++) {
            boolean same = i < clean.size()
                    && data.pairs().caption(i).equals(clean.caption(i))
                    && Arrays.equals(data.pairs().image(i), clean.image(i));
            assertThat(poisons.get(i)).as("row %d", i).isEqualTo(!same);
        }
    }

    /** The captions of some rows. */
    static List<String> captions(PoisonedDataset data, int[] rows) {
        return IntStream.of(rows).mapToObj(data.pairs()::caption).toList();
    }
}
