package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Pair;
import org.safeclip.data.RandomKey;
import org.safeclip.settings.InvalidInputException;

/**
 * The label-consistent backdoor (Turner, Tsipras and Madry 2019): training pairs whose captions correctly name the target class
 * get the trigger and keep their captions, so no caption is wrong. SafeCLIP's release does only this; the original attack first
 * makes the images hard to recognise, so that the model learns the trigger instead ({@link Pgd}).
 */
public final class LabelConsistent implements Attack {
    private final String name;
    private final AttackSettings settings;
    private final Hardening hardening;
    private @Nullable Poisons poisons;

    /** Poison number i replaced row i. */
    private record Poisons(String targetClass, SeededTrigger trigger, int[] rows) {}

    /** Changes images so that their content is hard to learn. */
    @FunctionalInterface
    public interface Hardening {
        /** Leaves images as they are. */
        Hardening NONE = pairs -> pairs.stream().map(Pair::image).toList();

        /** Returns the changed images, one for each pair. */
        List<byte[]> harden(List<Pair> pairs);
    }

    /**
     * An attack that has not poisoned yet.
     *
     * @param hardening how an image is changed before it gets the trigger
     */
    public LabelConsistent(String name, AttackSettings settings, Hardening hardening) {
        settings.requirePoisons(name);
        this.name = name;
        this.settings = settings;
        this.hardening = hardening;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        int count = settings.poisons();
        String target = data.targetClass(settings.targetClass(), count, random);
        Trigger patch = FixedPatch.coloured(data.pairs().imageSize());
        SeededTrigger trigger = new SeededTrigger(patch, RandomKey.of(random.nextLong()));
        int[] naming = data.rowsNaming(target);
        if (naming.length < count) {
            throw new InvalidInputException(name + ": " + count + " pairs to poison, but only " + naming.length
                    + " training captions name \"" + target + "\"; use fewer (attack.poisons)");
        }
        int[] rows = RandomKey.drawn(naming, count, random);
        Arrays.sort(rows);
        List<Pair> clean = IntStream.of(rows)
                .mapToObj(row -> new Pair(data.pairs().image(row), data.pairs().caption(row)))
                .toList();
        List<byte[]> hardened = hardening.harden(clean);
        Map<Integer, Pair> pairs = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            pairs.put(
                    rows[i],
                    new Pair(trigger.apply(hardened.get(i), i), clean.get(i).caption()));
        }
        data.replace(name, target, pairs);
        poisons = new Poisons(target, trigger, rows);
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        return Backdoor.testSet(
                name, data, poisons().targetClass(), poisons().trigger().trigger(), random);
    }

    @Override
    public Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException {
        Poisons made = poisons();
        Verification verification = Verification.start(name);
        for (int i = 0; i < made.rows().length; i++) {
            byte[] clean = data.clean().train().image(made.rows()[i]);
            verification = verification.with(
                    clean,
                    made.trigger().exact(clean, i),
                    stored.read(made.rows()[i]).image());
        }
        return verification;
    }

    private Poisons poisons() {
        Poisons made = poisons;
        if (made == null) {
            throw new IllegalStateException(name + " has not poisoned yet; call poison first");
        }
        return made;
    }
}
