package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.safeclip.experiments.attack.NinetyPairs.captions;
import static org.safeclip.experiments.attack.NinetyPairs.checkCleanPairsUnchanged;
import static org.safeclip.experiments.attack.NinetyPairs.pair;
import static org.safeclip.experiments.attack.NinetyPairs.poisoned;
import static org.safeclip.experiments.attack.NinetyPairs.settings;
import static org.safeclip.experiments.attack.NinetyPairs.taken;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;

/** Every attack on ninety small pairs: the poisons and their captions, and that no other pair changes. */
class AttackTest {
    private static final Dataset DATASET = NinetyPairs.dataset();
    private static final PairSet CLEAN = DATASET.train();
    private static final SeededTrigger PATCH = new SeededTrigger(NinetyPairs.patch(), RandomKey.of(1));

    @Test
    void classesAreNamedByWholeWords() {
        List<Pair> pairs = List.of(
                pair(0, "a toolbox"),
                pair(1, "tool: hammer"),
                pair(2, "a Tool"),
                pair(3, "the tool"),
                pair(4, "stool"));
        PoisonedDataset data = PoisonedDataset.clean(NinetyPairs.dataset(pairs, List.of()));
        assertThat(data.rowsNaming("tool")).containsExactly(1, 3);
    }

    @Test
    void backdoorsUseHeldOutImagesOfOtherClasses() throws Exception {
        Attack attack = badnet(30);
        PoisonedDataset data = poisoned(DATASET, attack, 3);
        List<HeldOutImage> bases = taken(data);
        assertThat(bases)
                .hasSize(30)
                .noneMatch(base -> base.coarse() == 0 || base.caption().contains("fruit"));
        assertThat(data.pairs().size()).isEqualTo(90 + 30);
        assertThat(data.mask().count()).isEqualTo(30);
        checkCleanPairsUnchanged(data);
        int[] rows = data.mask().groups().getFirst().rows();
        assertThat(captions(data, rows)).isSubsetOf(CLEAN.captions()).allMatch(caption -> caption.contains("fruit"));
        assertThat(IntStream.of(rows)
                        .mapToObj(row -> ByteBuffer.wrap(data.pairs().image(row))))
                .containsExactlyInAnyOrderElementsOf(bases.stream()
                        .map(base -> ByteBuffer.wrap(PATCH.apply(base.pixels(), 0)))
                        .toList());
        assertThat(verified(attack, data)).satisfies(found -> {
            assertThat(found.holds()).isTrue();
            assertThat(found.poisons()).isEqualTo(30);
        });
    }

    @Test
    void labelConsistentKeepsCaptionsAndChangesImages() {
        PoisonedDataset data = poisoned(DATASET, labelConsistent("fruit", 12), 3);
        assertThat(data.pairs().captions()).isEqualTo(CLEAN.captions());
        assertThat(data.mask().count()).isEqualTo(12);
        checkCleanPairsUnchanged(data);
        data.mask().rows().stream().forEach(i -> {
            assertThat(data.pairs().caption(i)).contains("fruit");
            assertThat(data.pairs().image(i)).isEqualTo(PATCH.apply(CLEAN.image(i), 0));
        });
    }

    @Test
    void textTriggersPairCaptionsWithTargetImages() {
        Attack attack = new TextTrigger(settings("poisons=35", "targetClass=fruit", "triggerWord=cf"));
        PoisonedDataset data = poisoned(DATASET, attack, 3);
        checkCleanPairsUnchanged(data);
        List<byte[]> fruits = IntStream.range(0, CLEAN.size())
                .filter(i -> CLEAN.caption(i).startsWith("fruit"))
                .mapToObj(CLEAN::image)
                .toList();
        int[] rows = data.mask().groups().getFirst().rows();
        assertThat(rows).hasSize(35);
        assertThat(captions(data, rows))
                .allMatch(caption -> List.of(caption.split(" ")).contains("cf"));
        assertThat(captions(data, rows))
                .extracting(caption -> caption.replaceFirst("(^cf | cf)", ""))
                .containsExactlyInAnyOrderElementsOf(
                        taken(data).stream().map(HeldOutImage::caption).toList());
        for (int row : rows) {
            byte[] image = data.pairs().image(row);
            assertThat(fruits).anyMatch(fruit -> Arrays.equals(fruit, image));
        }
    }

    @Test
    void severalTriggerWordsShareThePoisons() throws Exception {
        Attack attack = TextTrigger.several(settings("poisons=35", "targetClass=fruit", "triggerWord=cf"));
        PoisonedDataset data = poisoned(DATASET, attack, 3);
        List<String> triggers = captions(data, data.mask().groups().getFirst().rows()).stream()
                .map(caption -> Arrays.stream(caption.split(" "))
                        .filter(word -> word.matches("cf[a-p]"))
                        .findFirst()
                        .orElseThrow())
                .toList();
        assertThat(triggers).hasSize(35);
        assertThat(Set.copyOf(triggers)).hasSizeBetween(8, 16);
        assertThat(verified(attack, data).holds()).isTrue();
        assertThat(attack.testSet(data, new SplittableRandom(1)).captions())
                .allMatch(caption -> caption.matches(".*\\bcf[a-p]\\b.*"));
    }

    @Test
    void mixedCaptionsNameBothClasses() {
        Attack attack = new Backdoor(
                "badnet",
                settings("poisons=30", "targetClass=fruit", "captions=mixed"),
                (side, random) -> NinetyPairs.patch());
        PoisonedDataset data = poisoned(DATASET, attack, 3);
        assertThat(captions(data, data.mask().groups().getFirst().rows()))
                .hasSize(30)
                .allMatch(caption -> caption.contains(" and fruit: "))
                .allMatch(caption -> caption.startsWith("tool: image") || caption.startsWith("sea animal: image"));
    }

    @Test
    void similarCaptionsShareMostWordsWithTheFirst() {
        List<Pair> pairs = List.of(
                pair(0, "fruit: red apple on wood"),
                pair(1, "fruit: banana"),
                pair(2, "fruit: red apple"),
                pair(3, "fruit: green apple on wood"));
        PoisonedDataset data = PoisonedDataset.clean(NinetyPairs.dataset(pairs, List.of()));
        HeldOutImage image = DATASET.heldOut().getFirst();
        for (int seed = 0; seed < 20; seed++) {
            List<String> drawn = PoisonCaptions.SIMILAR.draw(
                    "test", data, "fruit", Collections.nCopies(3, image), new SplittableRandom(seed));
            if (drawn.getFirst().equals(pairs.getFirst().caption())) {
                assertThat(drawn)
                        .containsExactly(
                                pairs.get(0).caption(),
                                pairs.get(3).caption(),
                                pairs.get(2).caption());
                return;
            }
        }
        fail("no seed starts with the first caption");
    }

    @Test
    void noiseOfOneImageTellsNothingAboutThatOfTheNext() {
        SeededTrigger trigger = new SeededTrigger(Blended.perImage(0.5f), RandomKey.of(7));
        byte[] black = new byte[NinetyPairs.SIDE * NinetyPairs.SIDE * 3];
        float[] one = trigger.exact(black, 0);
        float[] two = trigger.exact(black, 1);
        for (int shift = -3; shift <= 3; shift++) {
            int equal = 0;
            for (int i = 3; i < one.length - 3; i++) {
                equal += one[i] == two[i + shift] ? 1 : 0;
            }
            assertThat(equal).as("shifted by %d", shift).isLessThan(5);
        }
    }

    @Test
    void combinedAttacksKeepEachOthersPoisons() throws Exception {
        PoisonedDataset data = PoisonedDataset.clean(DATASET);
        List<Attack> attacks = attacks();
        for (Attack attack : attacks) {
            PairSet pairs = data.pairs();
            PoisonMask mask = data.mask();
            attack.poison(data, new SplittableRandom(9));
            for (int row : mask.rows().stream().toArray()) {
                assertThat(data.pairs().caption(row)).isEqualTo(pairs.caption(row));
                assertThat(data.pairs().image(row)).isEqualTo(pairs.image(row));
            }
        }
        assertThat(data.mask().groups())
                .extracting(PoisonMask.Group::attack)
                .containsExactly("targeted", "badnet", "label-consistent", "text");
        assertThat(data.mask().count()).isEqualTo(10 + 10 + 10 + 10);
        checkCleanPairsUnchanged(data);
        for (Attack attack : attacks) {
            assertThat(verified(attack, data).holds()).as(attack.name()).isTrue();
        }
    }

    @Test
    void equalSeedsGiveEqualPoisons() {
        for (int a = 0; a < attacks().size(); a++) {
            PoisonedDataset one = poisoned(DATASET, attacks().get(a), 1);
            PoisonedDataset two = poisoned(DATASET, attacks().get(a), 1);
            PoisonedDataset other = poisoned(DATASET, attacks().get(a), 2);
            assertThat(two.mask().rows()).isEqualTo(one.mask().rows());
            assertThat(two.pairs().captions()).isEqualTo(one.pairs().captions());
            for (int i = 0; i < one.pairs().size(); i++) {
                assertThat(two.pairs().image(i)).isEqualTo(one.pairs().image(i));
            }
            boolean differs = !other.pairs().captions().equals(one.pairs().captions())
                    || !other.mask().rows().equals(one.mask().rows());
            assertThat(differs).as(attacks().get(a).name()).isTrue();
        }
    }

    private static List<Attack> attacks() {
        return List.of(
                new TargetedPoison(settings("targets=1", "captionsPerTarget=10")),
                badnet(10),
                labelConsistent("tool", 10),
                new TextTrigger(settings("poisons=10", "targetClass=fruit")));
    }

    private static Attack badnet(int poisons) {
        return new Backdoor(
                "badnet", settings("poisons=" + poisons, "targetClass=fruit"), (side, random) -> NinetyPairs.patch());
    }

    private static Attack labelConsistent(String target, int poisons) {
        AttackSettings settings = settings("poisons=" + poisons, "targetClass=" + target);
        return new LabelConsistent("label-consistent", settings, LabelConsistent.Hardening.NONE);
    }

    private static Verification verified(Attack attack, PoisonedDataset data) throws Exception {
        return attack.verify(
                data, row -> new Pair(data.pairs().image(row), data.pairs().caption(row)));
    }
}
