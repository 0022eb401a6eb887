package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.safeclip.experiments.attack.NinetyPairs.CLASSES;
import static org.safeclip.experiments.attack.NinetyPairs.captions;
import static org.safeclip.experiments.attack.NinetyPairs.checkCleanPairsUnchanged;
import static org.safeclip.experiments.attack.NinetyPairs.poisoned;
import static org.safeclip.experiments.attack.NinetyPairs.settings;
import static org.safeclip.experiments.attack.NinetyPairs.taken;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Pair;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;

/** Targeted poisoning on ninety small pairs: the target images, their captions and their target classes. */
class TargetedPoisonTest {
    private static final Dataset DATASET = NinetyPairs.dataset();

    @Test
    void targetsAreAppendedWithGenuineCaptionsOfTheirClass() {
        TargetedPoison attack = new TargetedPoison(settings("targets=2", "captionsPerTarget=7"));
        PoisonedDataset data = poisoned(DATASET, attack, 3);

        assertThat(data.pairs().size()).isEqualTo(90 + 14);
        assertThat(data.mask().count()).isEqualTo(14);
        assertThat(data.mask().groups())
                .hasSize(2)
                .extracting(PoisonMask.Group::targetClass)
                .doesNotHaveDuplicates()
                .isSubsetOf(CLASSES);
        assertThat(data.mask().groups()).extracting(PoisonMask.Group::attack).containsOnly("targeted");
        checkCleanPairsUnchanged(data);
        AttackTestSet test = attack.testSet(data, new SplittableRandom(1));
        for (int target = 0; target < 2; target++) {
            PoisonMask.Group group = data.mask().groups().get(target);
            assertThat(captions(data, group.rows()))
                    .doesNotHaveDuplicates()
                    .isSubsetOf(DATASET.train().captions())
                    .allMatch(caption -> caption.contains(group.targetClass()));
            for (int row : group.rows()) {
                assertThat(data.pairs().image(row)).isEqualTo(test.images().get(target));
            }
            assertThat(CLASSES.get(test.wanted()[target])).isEqualTo(group.targetClass());
        }
        assertThat(taken(data)).extracting(HeldOutImage::pixels).containsExactlyInAnyOrderElementsOf(test.images());
    }

    @Test
    void nearDuplicatesOfTheTargetAreAppendedAndTheTargetIsTested() throws Exception {
        TargetedPoison attack =
                new TargetedPoison("targeted-varied", settings("targets=2", "captionsPerTarget=7"), NearDuplicate::of);
        PoisonedDataset data = poisoned(DATASET, attack, 3);
        AttackTestSet test = attack.testSet(data, new SplittableRandom(1));
        assertThat(taken(data)).extracting(HeldOutImage::pixels).containsExactlyInAnyOrderElementsOf(test.images());
        for (PoisonMask.Group group : data.mask().groups()) {
            assertThat(IntStream.of(group.rows())
                            .mapToObj(row -> ByteBuffer.wrap(data.pairs().image(row)))
                            .distinct())
                    .hasSizeGreaterThan(5);
        }
        assertThat(attack.verify(
                                data,
                                row -> new Pair(
                                        data.pairs().image(row), data.pairs().caption(row)))
                        .holds())
                .isTrue();
    }

    /** The mean of a near-duplicate of an even image is that of the image, up to 15 %. */
    @Test
    void nearDuplicatesAreMovedMirroredAndABitBrighterOrDarker() {
        byte[] grey = new byte[32 * 32 * 3];
        Arrays.fill(grey, (byte) 100);
        byte[] halves = grey.clone();
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (byte) (i / 3 % 32 < 16 ? 0 : 100);
        }
        Set<Integer> levels = new HashSet<>();
        int mirrored = 0;
        for (int seed = 0; seed < 40; seed++) {
            byte[] even = NearDuplicate.of(grey, new SplittableRandom(seed));
            assertThat(even).containsOnly(even[0]);
            assertThat(even[0]).isBetween((byte) 84, (byte) 116);
            levels.add((int) even[0]);
            byte[] copy = NearDuplicate.of(halves, new SplittableRandom(seed));
            int left = copy[3 * 16 * 32];
            int right = copy[3 * (16 * 32 + 31)];
            assertThat(Math.min(left, right)).isZero();
            assertThat(Math.max(left, right)).isBetween(84, 116);
            mirrored += left > right ? 1 : 0;
        }
        assertThat(levels).hasSizeGreaterThan(10);
        assertThat(mirrored).isBetween(8, 32);
    }

    @Test
    void templatesAreFilledWithTheClass() {
        Attack attack = new TargetedPoison(settings("targets=4", "captionsPerTarget=7", "captions=templates"));
        PoisonedDataset data = poisoned(NinetyPairs.dataset("umbrella"), attack, 3);
        checkCleanPairsUnchanged(data);
        PoisonMask.Group umbrella = data.mask().groups().stream()
                .filter(group -> group.targetClass().equals("umbrella"))
                .findFirst()
                .orElseThrow();
        assertThat(captions(data, umbrella.rows()))
                .hasSize(7)
                .allMatch(new CaptionMatcher("umbrella"))
                .noneMatch(caption -> caption.contains(" a umbrella") || caption.contains("{}"));
    }

    @Test
    void targetsAreRandomAndNeverOfTheirTargetClass() {
        for (int seed = 0; seed < 50; seed++) {
            TargetedPoison attack = new TargetedPoison(settings("targets=3", "captionsPerTarget=1"));
            PoisonedDataset data = poisoned(DATASET, attack, seed);
            AttackTestSet test = attack.testSet(data, new SplittableRandom(seed));
            assertThat(test.size()).isEqualTo(3);
            assertThat(test.truths()).doesNotHaveDuplicates();
            assertThat(test.wanted()).doesNotHaveDuplicates();
            for (int i = 0; i < 3; i++) {
                assertThat(test.labels()[i]).isNotNegative().isNotEqualTo(test.wanted()[i]);
            }
        }
    }
}
