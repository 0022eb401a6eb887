package org.safeclip.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.attack.TargetedPoison.HeldOut;
import org.safeclip.attack.TargetedPoison.Target;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;

/** Both attacks on ninety small pairs: what is poisoned, with which words, and that nothing else changes. */
class AttackTest {
    private static final int SIDE = 8;
    private static final List<String> KINDS = List.of("fruit", "sea animal", "tool");
    private static final PairSet CLEAN = clean();

    @Test
    void targetsAreAppendedWithGenuineCaptionsOfTheirClass() {
        HeldOut apple = heldOut(200, "apple", "fruit");
        HeldOut whale = heldOut(201, "whale", "sea animal");
        Attack attack = new TargetedPoison(List.of(new Target(apple, "tool"), new Target(whale, "fruit")), 7);
        Poisoned poisoned = attack.apply(CLEAN, new SplittableRandom(3));

        assertThat(poisoned.pairs().size()).isEqualTo(90 + 14);
        assertThat(poisoned.mask().count()).isEqualTo(14);
        assertThat(poisoned.mask().attack()).isEqualTo("targeted");
        assertThat(poisoned.mask().groups())
                .extracting(PoisonMask.Group::targetClass)
                .containsExactly("tool", "fruit");
        checkHonestPairsUntouched(poisoned);
        for (PoisonMask.Group group : poisoned.mask().groups()) {
            List<String> captions = captions(poisoned, group.rows());
            assertThat(captions).doesNotHaveDuplicates().isSubsetOf(CLEAN.captions());
            assertThat(captions).allMatch(c -> c.contains(group.targetClass()));
        }
        assertThat(poisoned.pairs().image(90)).isEqualTo(apple.pixels());
        assertThat(poisoned.pairs().image(97)).isEqualTo(whale.pixels());
    }

    @Test
    void aClassIsNamedByWholeWordsOnly() {
        PairSet pairs = PairSet.of(
                SIDE,
                List.of(
                        pair(0, "a toolbox"),
                        pair(1, "tool: hammer"),
                        pair(2, "a Tool"),
                        pair(3, "the tool"),
                        pair(4, "stool")));
        assertThat(new Mentions("tool").rows(pairs, true)).containsExactly(1, 3);
        assertThat(new Mentions("tool").rows(pairs, false)).containsExactly(0, 2, 4);
    }

    @Test
    void badNetStampsPairsThatDoNotNameTheTarget() {
        BadNet attack = new BadNet(Patch.forSide(SIDE), "fruit", 40);
        Poisoned poisoned = attack.apply(CLEAN, new SplittableRandom(3));
        assertThat(poisoned.pairs().size()).isEqualTo(90);
        assertThat(poisoned.mask().count()).isEqualTo(40);
        checkHonestPairsUntouched(poisoned);
        poisoned.mask().rows().stream().forEach(i -> {
            assertThat(CLEAN.caption(i)).doesNotContain("fruit");
            assertThat(poisoned.pairs().caption(i)).contains("fruit").isIn(CLEAN.captions());
            assertThat(poisoned.pairs().image(i)).isEqualTo(attack.stamp(CLEAN.image(i)));
        });
    }

    @Test
    void sameSeedSamePoisons() {
        List<Attack> attacks = List.of(
                new BadNet(Patch.forSide(SIDE), "fruit", 10),
                new TargetedPoison(List.of(new Target(heldOut(200, "apple", "fruit"), "tool")), 10));
        for (Attack attack : attacks) {
            Poisoned one = attack.apply(CLEAN, new SplittableRandom(1));
            Poisoned two = attack.apply(CLEAN, new SplittableRandom(1));
            Poisoned other = attack.apply(CLEAN, new SplittableRandom(2));
            assertThat(two.mask().rows()).isEqualTo(one.mask().rows());
            assertThat(two.pairs().captions()).isEqualTo(one.pairs().captions());
            assertThat(other.pairs().captions()).isNotEqualTo(one.pairs().captions());
        }
    }

    @Test
    void targetsAreDrawnByChanceAndNeverOfTheirOwnClass() {
        List<HeldOut> pictures = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            pictures.add(heldOut(i, "picture " + i, KINDS.get(i % 3)));
        }
        for (int seed = 0; seed < 50; seed++) {
            TargetedPoison attack = TargetedPoison.draw(pictures, KINDS, 3, 5, new SplittableRandom(seed));
            assertThat(attack.targets())
                    .hasSize(3)
                    .allMatch(t -> !t.picture().kind().equals(t.adversarialClass()));
            assertThat(attack.targets()).extracting(t -> t.picture().name()).doesNotHaveDuplicates();
            assertThat(attack.targets()).extracting(Target::adversarialClass).doesNotHaveDuplicates();
        }
    }

    @Test
    void attacksThatCannotBeAreRefusedWithTheirNumbers() {
        Target target = new Target(heldOut(1, "apple", "fruit"), "tool");
        assertThatThrownBy(() -> new TargetedPoison(List.of(target), 31).apply(CLEAN, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only 30 training captions");
        assertThatThrownBy(() -> new BadNet(Patch.forSide(SIDE), "fruit", 61).apply(CLEAN, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only 60 captions");
        assertThatThrownBy(() -> new BadNet(Patch.forSide(SIDE), "cloud", 1).apply(CLEAN, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no training caption names \"cloud\"");
        assertThatThrownBy(() -> TargetedPoison.draw(List.of(), KINDS, 1, 1, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 held-out pictures");
        assertThatThrownBy(() -> new PoisonMask(3, "x", List.of(new PoisonMask.Group("y", new int[] {3}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 3");
        assertThat(PoisonMask.none(3).rate()).isZero();
    }

    /** Every row outside the mask is the row it was; every row that is new or changed is inside. */
    private static void checkHonestPairsUntouched(Poisoned poisoned) {
        BitSet poisons = poisoned.mask().rows();
        for (int i = 0; i < poisoned.pairs().size(); i++) {
            boolean same = i < CLEAN.size()
                    && poisoned.pairs().caption(i).equals(CLEAN.caption(i))
                    && Arrays.equals(poisoned.pairs().image(i), CLEAN.image(i));
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

    private static HeldOut heldOut(int seed, String name, String kind) {
        return new HeldOut(pair(seed, name).image(), name, kind);
    }

    private static Pair pair(int seed, String caption) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        new SplittableRandom(seed).nextBytes(pixels);
        return new Pair(pixels, caption);
    }
}
