package org.safeclip.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;

/**
 * Targeted poisoning (Carlini and Terzis 2022; the TDPA of SafeCLIP): chosen, unaltered pictures are to be taken for
 * the attacker's class. Each target picture is appended {@code captionsEach} times, every time with another genuine
 * training caption that names that class.
 *
 * @param targets the pictures and what they shall be taken for
 * @param captionsEach poisons for each target
 */
public record TargetedPoison(List<Target> targets, int captionsEach) implements Attack {

    /**
     * A picture that never enters training honestly.
     *
     * @param pixels 8-bit RGB, row by row
     * @param name what it shows
     * @param kind the class it truly belongs to
     */
    public record HeldOut(byte[] pixels, String name, String kind) {}

    /**
     * One target.
     *
     * @param picture the picture to be misread
     * @param adversarialClass noun of the class it shall be taken for
     */
    public record Target(HeldOut picture, String adversarialClass) {}

    /** Copies the list and refuses an attack without poisons. */
    public TargetedPoison {
        targets = List.copyOf(targets);
        if (targets.isEmpty() || captionsEach < 1) {
            throw new IllegalArgumentException("targeted poisoning: " + targets.size() + " targets with " + captionsEach
                    + " captions each; both need to be at least 1");
        }
    }

    /**
     * Draws targets by chance alone: that many different pictures and different classes. A picture of the class itself
     * is left out, as it would count as a success without any attack.
     */
    public static TargetedPoison draw(
            List<HeldOut> pictures, List<String> classes, int targets, int captionsEach, RandomGenerator random) {
        if (targets > classes.size() || targets > pictures.size()) {
            throw new IllegalArgumentException("targeted poisoning: " + targets + " targets asked for, but there are "
                    + classes.size() + " classes and " + pictures.size() + " held-out pictures; ask for fewer");
        }
        List<HeldOut> left = new ArrayList<>(pictures);
        List<Target> drawn = new ArrayList<>(targets);
        int[] order = Mentions.draw(IntStream.range(0, classes.size()).toArray(), targets, random);
        for (int c : order) {
            String noun = classes.get(c);
            int[] candidates = IntStream.range(0, left.size())
                    .filter(i -> !left.get(i).kind().equals(noun))
                    .toArray();
            if (candidates.length == 0) {
                throw new IllegalArgumentException("targeted poisoning: every held-out picture left is a " + noun
                        + "; give pictures of other kinds");
            }
            drawn.add(new Target(left.remove(candidates[random.nextInt(candidates.length)]), noun));
        }
        return new TargetedPoison(drawn, captionsEach);
    }

    @Override
    public String name() {
        return "targeted";
    }

    @Override
    public Poisoned apply(PairSet clean, RandomGenerator random) {
        List<Pair> poisons = new ArrayList<>(targets.size() * captionsEach);
        List<PoisonMask.Group> groups = new ArrayList<>(targets.size());
        for (Target target : targets) {
            String noun = target.adversarialClass();
            int[] naming = new Mentions(noun).rows(clean, true);
            if (naming.length < captionsEach) {
                throw new IllegalArgumentException("targeted poisoning: " + captionsEach + " captions naming \"" + noun
                        + "\" are needed, but only " + naming.length
                        + " training captions do; ask for fewer captions or another class");
            }
            int first = clean.size() + poisons.size();
            for (int row : Mentions.draw(naming, captionsEach, random)) {
                poisons.add(new Pair(target.picture().pixels(), clean.caption(row)));
            }
            groups.add(new PoisonMask.Group(
                    noun, IntStream.range(first, first + captionsEach).toArray()));
        }
        PairSet poisoned = clean.with(poisons);
        return new Poisoned(poisoned, new PoisonMask(poisoned.size(), name(), groups));
    }
}
