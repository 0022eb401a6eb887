package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.safeclip.experiments.attack.NinetyPairs.pair;
import static org.safeclip.experiments.attack.NinetyPairs.settings;

import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.settings.InvalidInputException;

/** Attacks that are impossible on a data set are refused with the numbers in the message. */
class AttackRefusalTest {
    private static final Dataset DATASET = NinetyPairs.dataset("cloud");

    @Test
    void attacksWithTooLittleDataAreRefused() {
        badInput(
                "\" are needed, but only ", DATASET, new TargetedPoison(settings("targets=4", "captionsPerTarget=31")));
        badInput(
                "attack.captions=templates", DATASET, new TargetedPoison(settings("targets=4", "captionsPerTarget=1")));
        badInput("5 targets, but there are 4 classes and 60", DATASET, new TargetedPoison(settings("targets=5")));
        badInput(
                "3 classes and 0 held-out images",
                NinetyPairs.dataset(List.of(pair(0, "a fruit")), List.of()),
                new TargetedPoison(settings("targets=1")));
        badInput("no training caption names \"cloud\"", DATASET, badnet("cloud", 1));
        badInput("only 40 held-out images do not show fruit", DATASET, badnet("fruit", 41));
        badInput("is \"rain\", expected one of the classes tested: fruit, sea animal", DATASET, badnet("rain", 1));
        badInput("only 30 training captions name \"tool\"", DATASET, labelConsistent("tool", 31));
        badInput("none of 4 classes is named by 31 training captions", DATASET, labelConsistent("", 31));
        badInput(
                "is in clean captions",
                DATASET,
                new TextTrigger(settings("poisons=1", "targetClass=fruit", "triggerWord=thing")));
        badInput(
                "no training caption names \"cloud\"",
                DATASET,
                new TextTrigger(settings("poisons=1", "targetClass=cloud")));
    }

    @Test
    void attacksWithoutAPoisonAreRefused() {
        badInput("text: attack.poisons is 0, expected at least 1", () -> new TextTrigger(settings("poisons=0")));
        badInput("badnet: attack.poisons is 0, expected at least 1", () -> badnet("", 0));
        badInput("label-consistent: attack.poisons is 0, expected at least 1", () -> labelConsistent("", 0));
        badInput("targeted: 0 targets", () -> new TargetedPoison(settings("targets=0")));
        badInput(
                "0 captions each (attack.captionsPerTarget)",
                () -> new TargetedPoison(settings("captionsPerTarget=0")));
        badInput("attack.captions is \"invented\", expected genuine or templates", () -> settings("captions=invented"));
    }

    @Test
    void attacksMustPoisonBeforeTheirTests() {
        PoisonedDataset data = PoisonedDataset.clean(DATASET);
        for (Attack attack : List.of(
                badnet("fruit", 1), labelConsistent("fruit", 1), new TextTrigger(settings("targetClass=fruit")))) {
            assertThatThrownBy(() -> attack.testSet(data, new SplittableRandom(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(attack.name() + " has not poisoned yet");
        }
    }

    @Test
    void masksListValidRowsOnce() {
        fault("row 3", () -> new PoisonMask(3, List.of(new PoisonMask.Group("x", "y", new int[] {3}))));
        fault(
                "row 1 is listed twice",
                () -> new PoisonMask(3, List.of(new PoisonMask.Group("x", "y", new int[] {1, 1}))));
        fault("90 pairs but a mask of 3", () -> new PoisonedDataset(DATASET, PoisonMask.none(3)));
        assertThat(PoisonMask.none(3).rate()).isZero();
    }

    private static Attack badnet(String target, int poisons) {
        return new Backdoor(
                "badnet",
                settings("poisons=" + poisons, "targetClass=" + target),
                (side, random) -> NinetyPairs.patch());
    }

    private static Attack labelConsistent(String target, int poisons) {
        AttackSettings settings = settings("poisons=" + poisons, "targetClass=" + target);
        return new LabelConsistent("label-consistent", settings, LabelConsistent.Hardening.NONE);
    }

    private static void badInput(String expected, Dataset dataset, Attack attack) {
        badInput(expected, () -> attack.poison(PoisonedDataset.clean(dataset), new SplittableRandom(1)));
    }

    private static void badInput(String expected, ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(InvalidInputException.class).hasMessageContaining(expected);
    }

    private static void fault(String expected, ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(expected);
    }
}
