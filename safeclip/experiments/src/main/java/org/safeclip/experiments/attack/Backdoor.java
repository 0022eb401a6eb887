package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Pair;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * The dirty-label backdoor: every image with the trigger shall be classified as the target class. Held-out images of other
 * classes get the trigger and a caption that names the target class, and are appended to the pairs.
 */
public final class Backdoor implements Attack {
    private final String name;
    private final AttackSettings settings;
    private final TriggerFactory factory;
    private @Nullable Poisons poisons;

    /** Poison i is image i with the trigger drawn for i. */
    private record Poisons(String targetClass, SeededTrigger trigger, List<HeldOutImage> images, int[] rows) {}

    /**
     * An attack that has not poisoned yet.
     *
     * @param name name of the attack, such as badnet, blended, wanet or sig
     */
    public Backdoor(String name, AttackSettings settings, TriggerFactory factory) {
        settings.requirePoisons(name);
        this.name = name;
        this.settings = settings;
        this.factory = factory;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        String target = data.targetClass(settings.targetClass(), 1, random);
        List<HeldOutImage> images = data.drawNotOfClass(name, target, settings.poisons(), random);
        Trigger drawn = factory.create(data.pairs().imageSize(), random);
        SeededTrigger trigger = new SeededTrigger(drawn, RandomKey.of(random.nextLong()));
        Iterator<String> captions =
                settings.captions().draw(name, data, target, images, random).iterator();
        List<Pair> pairs = new ArrayList<>(images.size());
        for (HeldOutImage image : images) {
            pairs.add(new Pair(trigger.apply(image.pixels(), pairs.size()), captions.next()));
        }
        poisons = new Poisons(target, trigger, images, data.append(name, target, pairs));
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        return testSet(name, data, poisons().targetClass(), poisons().trigger().trigger(), random);
    }

    /** The test set of any image trigger: held-out images of known classes other than the target class. */
    static AttackTestSet testSet(
            String name, PoisonedDataset data, String targetClass, Trigger trigger, RandomGenerator random) {
        SeededTrigger fresh = new SeededTrigger(trigger, RandomKey.of(random.nextLong()));
        List<HeldOutImage> others = testable(data, targetClass);
        List<byte[]> triggered = IntStream.range(0, others.size())
                .mapToObj(i -> fresh.apply(others.get(i).pixels(), i))
                .toList();
        return AttackTestSet.ofImages(name, others, triggered, data.classIndex(targetClass));
    }

    /** Held-out images of known classes other than the target. */
    static List<HeldOutImage> testable(PoisonedDataset data, String targetClass) {
        List<HeldOutImage> others = data.notOfClass(targetClass).stream()
                .filter(image -> image.coarse() >= 0)
                .toList();
        if (others.isEmpty() && data.classes().size() > 0) {
            throw new InvalidInputException("no held-out image of another class than \"" + targetClass
                    + "\" is left to test the backdoor on; use fewer poisons (attack.poisons) or hold out more"
                    + " (data.heldOutShare)");
        }
        return others;
    }

    @Override
    public Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException {
        Poisons made = poisons();
        Verification verification = Verification.start(name);
        for (int i = 0; i < made.rows().length; i++) {
            byte[] clean = made.images().get(i).pixels();
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
