package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * Targeted poisoning (Carlini and Terzis 2022; TDPA of SafeCLIP): chosen images, which are not changed, shall be classified as
 * the attacker's class. Each target image is appended several times, each time with another caption that names this class.
 */
public final class TargetedPoison implements Attack {
    private final AttackSettings settings;
    private final List<Target> targets = new ArrayList<>();

    /** A target image, its target class, and the rows of its poisons. */
    private record Target(HeldOutImage image, String targetClass, int[] rows) {}

    /** An attack that has not poisoned yet. */
    public TargetedPoison(AttackSettings settings) {
        if (settings.targets() < 1 || settings.captionsPerTarget() < 1) {
            throw new InvalidInputException("targeted: " + settings.targets() + " targets (attack.targets) with "
                    + settings.captionsPerTarget() + " captions each (attack.captionsPerTarget); expected at least 1"
                    + " of both");
        }
        this.settings = settings;
    }

    @Override
    public String name() {
        return "targeted";
    }

    @Override
    public void poison(PoisonedDataset data, RandomGenerator random) {
        List<String> classes = data.classes().names();
        List<HeldOutImage> left = new ArrayList<>(
                data.heldOut().stream().filter(image -> image.coarse() >= 0).toList());
        if (settings.targets() > classes.size() || settings.targets() > left.size()) {
            throw new InvalidInputException("targeted: " + settings.targets() + " targets, but there are "
                    + classes.size() + " classes and " + left.size()
                    + " held-out images of them; use fewer (attack.targets)");
        }
        int[] all = IntStream.range(0, classes.size()).toArray();
        List<HeldOutImage> images = new ArrayList<>();
        int[] drawn = PoisonedDataset.draw(all, settings.targets(), random);
        for (int index : drawn) {
            images.add(drawOther(left, index, classes.get(index), random));
        }
        data.remove(images);
        for (int i = 0; i < drawn.length; i++) {
            poison(data, images.get(i), classes.get(drawn[i]), random);
        }
    }

    /** Draws an image that is not of the class: one that is would count as a success without any attack. */
    private static HeldOutImage drawOther(List<HeldOutImage> left, int index, String noun, RandomGenerator random) {
        CaptionMatcher naming = new CaptionMatcher(noun);
        int[] candidates = IntStream.range(0, left.size())
                .filter(i -> left.get(i).coarse() != index
                        && !naming.test(left.get(i).caption()))
                .toArray();
        if (candidates.length == 0) {
            throw new InvalidInputException(
                    "targeted: every held-out image left is a " + noun + "; hold out images of other classes");
        }
        return left.remove(candidates[random.nextInt(candidates.length)]);
    }

    private void poison(PoisonedDataset data, HeldOutImage image, String noun, RandomGenerator random) {
        int each = settings.captionsPerTarget();
        int naming = data.rowsNaming(noun).length;
        if (settings.captions() == PoisonCaptions.GENUINE && naming < each) {
            throw new InvalidInputException("targeted: " + each + " captions that name \"" + noun
                    + "\" are needed, but only " + naming
                    + " training captions do; use fewer (attack.captionsPerTarget), other classes, or"
                    + " attack.captions=templates");
        }
        List<Pair> poisons = settings.captions().draw(name(), data, noun, each, random).stream()
                .map(caption -> new Pair(image.pixels(), caption))
                .toList();
        targets.add(new Target(image, noun, data.append(name(), noun, poisons)));
    }

    @Override
    public AttackTestSet testSet(PoisonedDataset data, RandomGenerator random) {
        return new AttackTestSet(
                name(),
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
        Verification verification = Verification.start(name());
        for (Target target : targets) {
            for (int row : target.rows()) {
                verification = verification.with(
                        Arrays.equals(target.image().pixels(), stored.read(row).image()));
            }
        }
        return verification;
    }
}
