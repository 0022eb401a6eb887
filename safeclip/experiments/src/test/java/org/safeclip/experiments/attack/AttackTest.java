package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.attack.TargetedPoison.Target;
import org.safeclip.experiments.dataset.HeldOutImage;

/** Every attack on ninety small pairs: what is poisoned, with which words, and that nothing else changes. */
class AttackTestSet {
    private static final int SIDE = 8;
    private static final List<String> KINDS = List.of("fruit", "sea animal", "tool");
    private static final Poisoned CLEAN = Poisoned.clean(clean());
    private static final SeededTrigger PATCH = new SeededTrigger(FixedPatch.coloured(SIDE), 1);

    @Test
    void targetsAreAppendedWithGenuineCaptionsOfTheirClass() {
        HeldOutImage apple = heldOut(200, "apple", 0);
        HeldOutImage whale = heldOut(201, "whale", 1);
        Attack attack = new TargetedPoison(
                List.of(new Target(apple, "tool"), new Target(whale, "fruit")), 7, PoisonCaptions.GENUINE);
        Poisoned poisoned = attack.apply(CLEAN, new SplittableRandom(3));

        assertThat(poisoned.pairs().size()).isEqualTo(90 + 14);
        assertThat(poisoned.mask().count()).isEqualTo(14);
        assertThat(poisoned.mask().groups())
                .extracting(PoisonMask.Group::targetClass)
                .containsExactly("tool", "fruit");
        assertThat(poisoned.mask().groups())
                .extracting(PoisonMask.Group::attack)
                .containsOnly("targeted");
        checkHonestPairsUntouched(poisoned);
        for (PoisonMask.Group group : poisoned.mask().groups()) {
            List<String> captions = captions(poisoned, group.rows());
            assertThat(captions)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(CLEAN.pairs().captions());
            assertThat(captions).allMatch(c -> c.contains(group.targetClass()));
        }
        assertThat(poisoned.pairs().image(90)).isEqualTo(apple.pixels());
        assertThat(poisoned.pairs().image(97)).isEqualTo(whale.pixels());
    }

    @Test
    void templatesAreFilledWithTheClass() {
        Attack attack = new TargetedPoison(
                List.of(new Target(heldOut(200, "apple", 0), "umbrella")), 7, PoisonCaptions.TEMPLATES);
        Poisoned poisoned = attack.apply(CLEAN, new SplittableRandom(3));
        checkHonestPairsUntouched(poisoned);
        assertThat(captions(poisoned, poisoned.mask().groups().getFirst().rows()))
                .hasSize(7)
                .allMatch(new CaptionMatcher("umbrella"))
                .noneMatch(caption -> caption.contains(" a umbrella") || caption.contains("{}"));
    }

    @Test
    void aClassIsNamedByWholeWordsOnly() {
        Poisoned pairs = Poisoned.clean(PairSet.of(
                SIDE,
                List.of(
                        pair(0, "a toolbox"),
                        pair(1, "tool: hammer"),
                        pair(2, "a Tool"),
                        pair(3, "the tool"),
                        pair(4, "stool"))));
        assertThat(new CaptionMatcher("tool").rows(pairs)).containsExactly(1, 3);
    }

    @Test
    void aBackdoorStampsHeldOutPicturesThatAreNotOfTheTarget() {
        List<HeldOutImage> pictures = heldOutPictures(60);
        List<HeldOutImage> bases = Backdoor.draw("badnet", pictures, "fruit", 0, 30, new SplittableRandom(5));
        assertThat(bases).hasSize(30).doesNotHaveDuplicates().isSubsetOf(pictures);
        assertThat(bases).noneMatch(base -> base.coarse() == 0 || base.caption().contains("fruit"));
        Backdoor attack = new Backdoor("badnet", PATCH, "fruit", bases, PoisonCaptions.GENUINE);
        Poisoned poisoned = attack.apply(CLEAN, new SplittableRandom(3));
        assertThat(poisoned.pairs().size()).isEqualTo(90 + 30);
        assertThat(poisoned.mask().count()).isEqualTo(30);
        checkHonestPairsUntouched(poisoned);
        int[] rows = poisoned.mask().groups().getFirst().rows();
        for (int i = 0; i < rows.length; i++) {
            assertThat(poisoned.pairs().caption(rows[i]))
                    .contains("fruit")
                    .isIn(CLEAN.pairs().captions());
            assertThat(poisoned.pairs().image(rows[i]))
                    .isEqualTo(PATCH.mark(bases.get(i).pixels(), 0));
        }
    }

    @Test
    void labelConsistentKeepsCaptionsAndChangesPictures() {
        Attack attack = new LabelConsistent("label-consistent", PATCH, "fruit", 12, LabelConsistent.Hardening.NONE);
        Poisoned poisoned = attack.apply(CLEAN, new SplittableRandom(3));
        assertThat(poisoned.pairs().captions()).isEqualTo(CLEAN.pairs().captions());
        assertThat(poisoned.mask().count()).isEqualTo(12);
        checkHonestPairsUntouched(poisoned);
        poisoned.mask().rows().stream().forEach(i -> {
            assertThat(poisoned.pairs().caption(i)).contains("fruit");
            assertThat(poisoned.pairs().image(i))
                    .isEqualTo(PATCH.mark(CLEAN.pairs().image(i), 0));
        });
    }

    @Test
    void aTextTriggerPutsAWordIntoCaptionsAndPicturesOfTheTargetBesideThem() {
        List<HeldOutImage> bases = Backdoor.draw("text", heldOutPictures(60), "fruit", 0, 35, new SplittableRandom(5));
        Poisoned poisoned = new TextTrigger("cf", "fruit", bases).apply(CLEAN, new SplittableRandom(3));
        checkHonestPairsUntouched(poisoned);
        List<byte[]> fruits = IntStream.of(new CaptionMatcher("fruit").rows(CLEAN))
                .mapToObj(CLEAN.pairs()::image)
                .toList();
        int[] rows = poisoned.mask().groups().getFirst().rows();
        assertThat(rows).hasSize(35);
        for (int i = 0; i < rows.length; i++) {
            String caption = poisoned.pairs().caption(rows[i]);
            assertThat(List.of(caption.split(" "))).contains("cf");
            assertThat(caption.replaceFirst("(^cf | cf)", ""))
                    .isEqualTo(bases.get(i).caption());
            byte[] picture = poisoned.pairs().image(rows[i]);
            assertThat(fruits).anyMatch(fruit -> Arrays.equals(fruit, picture));
        }
    }

    @Test
    void attacksCanBeStackedAndLeaveEachOthersPoisonsAlone() {
        Poisoned now = CLEAN;
        for (Attack attack : attacks()) {
            Poisoned before = now;
            now = attack.apply(before, new SplittableRandom(9));
            for (PoisonMask.Group group : before.mask().groups()) {
                for (int row : group.rows()) {
                    assertThat(now.pairs().caption(row))
                            .isEqualTo(before.pairs().caption(row));
                    assertThat(now.pairs().image(row)).isEqualTo(before.pairs().image(row));
                }
            }
        }
        assertThat(now.mask().groups())
                .extracting(PoisonMask.Group::attack)
                .containsExactly("targeted", "badnet", "label-consistent", "text");
        assertThat(now.mask().count()).isEqualTo(10 + 10 + 10 + 10);
        checkHonestPairsUntouched(now);
    }

    @Test
    void sameSeedSamePoisons() {
        for (Attack attack : attacks()) {
            Poisoned one = attack.apply(CLEAN, new SplittableRandom(1));
            Poisoned two = attack.apply(CLEAN, new SplittableRandom(1));
            Poisoned other = attack.apply(CLEAN, new SplittableRandom(2));
            assertThat(two.mask().rows()).isEqualTo(one.mask().rows());
            assertThat(two.pairs().captions()).isEqualTo(one.pairs().captions());
            for (int i = 0; i < one.pairs().size(); i++) {
                assertThat(two.pairs().image(i)).isEqualTo(one.pairs().image(i));
            }
            boolean differs = !other.pairs().captions().equals(one.pairs().captions())
                    || !other.mask().rows().equals(one.mask().rows());
            assertThat(differs).as(attack.name()).isTrue();
        }
    }

    @Test
    void targetsAreDrawnByChanceAndNeverOfTheirOwnClass() {
        for (int seed = 0; seed < 50; seed++) {
            List<Target> targets = TargetedPoison.draw(heldOutPictures(30), KINDS, 3, new SplittableRandom(seed));
            assertThat(targets)
                    .hasSize(3)
                    .allMatch(t -> !KINDS.get(t.picture().coarse()).equals(t.adversarialClass()));
            assertThat(targets).extracting(t -> t.picture().name()).doesNotHaveDuplicates();
            assertThat(targets).extracting(Target::adversarialClass).doesNotHaveDuplicates();
        }
    }

    @Test
    void attacksThatCannotBeAreRefusedWithTheirNumbers() {
        Target target = new Target(heldOut(1, "apple", 0), "tool");
        refused("only 30 training captions", new TargetedPoison(List.of(target), 31, PoisonCaptions.GENUINE));
        refused(
                "no training caption names \"cloud\"",
                new Backdoor("badnet", PATCH, "cloud", heldOutPictures(1), PoisonCaptions.GENUINE));
        refused("only 30 training captions name", new LabelConsistent("x", PATCH, "tool", 31, pairs -> List.of()));
        refused("stands in honest captions", new TextTrigger("thing", "fruit", heldOutPictures(1)));
        refused("no training caption names \"cloud\"", new TextTrigger("cf", "cloud", heldOutPictures(1)));
        refused("at least 1 is needed", () -> new TextTrigger("cf", "fruit", List.of()));
        refused(
                "only 40 held-out pictures are no fruit",
                () -> Backdoor.draw("badnet", heldOutPictures(60), "fruit", 0, 41, new SplittableRandom(1)));
        refused("0 held-out pictures", () -> TargetedPoison.draw(List.of(), KINDS, 1, new SplittableRandom(1)));
        refused("row 3", () -> new PoisonMask(3, List.of(new PoisonMask.Group("x", "y", new int[] {3}))));
        refused(
                "row 1 is listed twice",
                () -> new PoisonMask(3, List.of(new PoisonMask.Group("x", "y", new int[] {1, 1}))));
        refused("expected genuine or templates", () -> PoisonCaptions.of("invented"));
        assertThat(PoisonMask.none(3).rate()).isZero();
    }

    private static void refused(String expected, Attack attack) {
        refused(expected, () -> attack.apply(CLEAN, new SplittableRandom(1)));
    }

    private static void refused(String expected, ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(expected);
    }

    private static List<Attack> attacks() {
        List<HeldOutImage> bases = heldOutPictures(60).stream()
                .filter(picture -> picture.coarse() != 0)
                .limit(10)
                .toList();
        return List.of(
                new TargetedPoison(List.of(new Target(heldOut(200, "apple", 0), "tool")), 10, PoisonCaptions.GENUINE),
                new Backdoor("badnet", PATCH, "fruit", bases, PoisonCaptions.GENUINE),
                new LabelConsistent("label-consistent", PATCH, "tool", 10, LabelConsistent.Hardening.NONE),
                new TextTrigger("cf", "fruit", bases));
    }

    private static List<HeldOutImage> heldOutPictures(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> heldOut(1000 + i, "picture " + i, i % 3))
                .toList();
    }

    /** Every row outside the mask is the row it was; every row that is new or changed is inside. */
    private static void checkHonestPairsUntouched(Poisoned poisoned) {
        BitSet poisons = poisoned.mask().rows();
        for (int i = 0; i < poisoned.pairs().size(); i++) {
            boolean same = i < CLEAN.pairs().size()
                    && poisoned.pairs().caption(i).equals(CLEAN.pairs().caption(i))
                    && Arrays.equals(poisoned.pairs().image(i), CLEAN.pairs().image(i));
            assertThat(poisons.get(i)).as("row %d", i).isEqualTo(!same);
        }
    }

    private static List<String> captions(Poisoned poisoned, int[] rows) {
        return IntStream.of(rows).mapToObj(poisoned.pairs()::caption).toList();
    }

    private static PairSet clean() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            pairs.add(pair(i, KINDS.get(i % 3) + ": thing " + i));
        }
        return PairSet.of(SIDE, pairs);
    }

    private static HeldOutImage heldOut(int seed, String name, int coarse) {
        return new HeldOutImage(pair(seed, name).image(), List.of(KINDS.get(coarse) + ": " + name), name, -1, coarse);
    }

    private static Pair pair(int seed, String caption) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        new SplittableRandom(seed).nextBytes(pixels);
        return new Pair(pixels, caption);
    }
}
