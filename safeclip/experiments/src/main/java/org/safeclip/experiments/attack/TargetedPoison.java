package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * Targeted poisoning (Carlini and Terzis 2022; TDPA of SafeCLIP): chosen images, which are not changed, shall be classified as
 * the attacker's class. Each target image is appended several times, each time with another caption that names this class. A
 * careful attacker appends {@link NearDuplicate near-duplicates} instead, which no search for equal images finds.
 */
public final class TargetedPoison implements Attack {
    private final String name;
    private final AttackSettings settings;
    private final BiFunction<byte[], RandomGenerator, byte[]> copy;
    private final List<Target> targets = new ArrayList<>();

    /** A target image, its target class, its copies, and the rows of its poisons. */
    private record Target(HeldOutImage image, String targetClass, List<byte[]> copies, int[] rows) {}

    /** An attack that has not poisoned yet and repeats the target image as it is. */
    public TargetedPoison(AttackSettings settings) {
        this("targeted", settings, (image, _) -> image);
    }

    /**
     * An attack that has not poisoned yet.
     *
     * @param copy makes a copy of a target image
     */
    public TargetedPoison(String name, AttackSettings settings, BiFunction<byte[], RandomGenerator, byte[]> copy) {
        this.name = name;
        this.copy = copy;
        if (settings.targets() < 1 || settings.captionsPerTarget() < 1) {
            throw new InvalidInputException(name + ": " + settings.targets() + " targets (attack.targets) with "
                    + settings.captionsPerTarget() + " captions each (attack.captionsPerTarget); expected at least 1"
                    + " of both");
        }
        this.settings = settings;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        List<String> classes = data.classes().names();
        List<HeldOutImage> left = new ArrayList<>(
                data.heldOut().stream().filter(image -> image.coarse() >= 0).toList());
        if (settings.targets() > classes.size() || settings.targets() > left.size()) {
            throw new InvalidInputException(name + ": " + settings.targets() + " targets, but there are "
                    + classes.size() + " classes and " + left.size()
                    + " held-out images of them; use fewer (attack.targets)");
        }
        int[] all = IntStream.range(0, classes.size()).toArray();
        List<HeldOutImage> images = new ArrayList<>();
        int[] drawn = RandomKey.drawn(all, settings.targets(), random);
        for (int index : drawn) {
            images.add(drawOther(left, index, classes.get(index), random));
        }
        data.remove(images);
        for (int i = 0; i < drawn.length; i++) {
            poison(data, images.get(i), classes.get(drawn[i]), random);
        }
    }

    /** Draws an image that is not of the class: one that is would count as a success without any attack. */
    private HeldOutImage drawOther(List<HeldOutImage> left, int index, String noun, RandomGenerator random) {
        CaptionMatcher naming = new CaptionMatcher(noun);
        int[] candidates = IntStream.range(0, left.size())
                .filter(i -> left.get(i).coarse() != index
                        && !naming.test(left.get(i).caption()))
                .toArray();
        if (candidates.length == 0) {
            throw new InvalidInputException(
                    name + ": every held-out image left is a " + noun + "; hold out images of other classes");
        }
        return left.remove(candidates[random.nextInt(candidates.length)]);
    }

    private void poison(PoisonedDataset data, HeldOutImage image, String noun, RandomGenerator random) {
        int each = settings.captionsPerTarget();
        int naming = data.rowsNaming(noun).length;
        if (settings.captions() != PoisonCaptions.TEMPLATES && naming < each) {
            throw new InvalidInputException(name + ": " + each + " captions that name \"" + noun
                    + "\" are needed, but only " + naming
                    + " training captions do; use fewer (attack.captionsPerTarget), other classes, or"
                    + " attack.captions=templates");
        }
        List<Pair> poisons =
                settings.captions().draw(name, data, noun, Collections.nCopies(each, image), random).stream()
                        .map(caption -> new Pair(copy.apply(image.pixels(), random), caption))
                        .toList();
        List<byte[]> copies = poisons.stream().map(Pair::image).toList();
        targets.add(new Target(image, noun, copies, data.append(name, noun, poisons)));
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        return new AttackTestSet(
                name,
                targets.stream().map(target -> target.image().pixels()).toList(),
                List.of(),
                targets.stream().map(target -> target.image().name()).toList(),
                targets.stream().mapToInt(target -> target.image().coarse()).toArray(),
                targets.stream()
                        .mapToInt(target -> data.classIndex(target.targetClass()))
                        .toArray(),
                null);
    }

    @Override
    public Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException {
        Verification verification = Verification.start(name);
        for (Target target : targets) {
            for (int i = 0; i < target.rows().length; i++) {
                byte[] found = stored.read(target.rows()[i]).image();
                verification = verification.with(Arrays.equals(target.copies().get(i), found));
            }
        }
        return verification;
    }
}
