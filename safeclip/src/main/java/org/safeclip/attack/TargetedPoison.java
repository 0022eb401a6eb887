package org.safeclip.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.HeldOut;
import org.safeclip.data.Pair;

/**
 * Targeted poisoning (Carlini and Terzis 2022; the TDPA of SafeCLIP): chosen, unaltered pictures are to be taken for
 * the attacker's class. Each target picture is appended {@code captionsEach} times, every time with another caption of
 * that class.
 *
 * @param targets the pictures and what they shall be taken for
 * @param captionsEach poisons for each target
 * @param captions where their captions come from
 */
public record TargetedPoison(List<Target> targets, int captionsEach, FalseCaptions captions) implements Attack {

    /**
     * One target.
     *
     * @param picture the picture to be misread, which never enters training honestly
     * @param adversarialClass noun of the class it shall be taken for
     */
    public record Target(HeldOut picture, String adversarialClass) {}

    /** Copies the list and refuses an attack without poisons. */
    public TargetedPoison {
        targets = List.copyOf(targets);
        if (targets.isEmpty() || captionsEach < 1) {
            throw new IllegalArgumentException("targeted: " + targets.size() + " targets with " + captionsEach
                    + " captions each; both need to be at least 1");
        }
    }

    /**
     * Draws targets by chance alone: that many different pictures and different classes. A picture of the class itself
     * is left out, as it would count as a success without any attack.
     *
     * @param classes nouns, in the order of {@link HeldOut#kind}
     */
    public static List<Target> draw(List<HeldOut> pictures, List<String> classes, int targets, RandomGenerator random) {
        if (targets > classes.size() || targets > pictures.size()) {
            throw new IllegalArgumentException("targeted: " + targets + " targets asked for, but there are "
                    + classes.size() + " classes and " + pictures.size() + " held-out pictures; ask for fewer");
        }
        List<HeldOut> left = new ArrayList<>(pictures);
        List<Target> drawn = new ArrayList<>(targets);
        for (int kind : Mentions.draw(IntStream.range(0, classes.size()).toArray(), targets, random)) {
            String noun = classes.get(kind);
            Mentions naming = new Mentions(noun);
            int[] candidates = IntStream.range(0, left.size())
                    .filter(i -> left.get(i).kind() != kind
                            && !naming.test(left.get(i).caption()))
                    .toArray();
            if (candidates.length == 0) {
                throw new IllegalArgumentException(
                        "targeted: every held-out picture left is a " + noun + "; give pictures of other kinds");
            }
            drawn.add(new Target(left.remove(candidates[random.nextInt(candidates.length)]), noun));
        }
        return drawn;
    }

    @Override
    public String name() {
        return "targeted";
    }

    @Override
    public Poisoned apply(Poisoned before, RandomGenerator random) {
        List<Pair> poisons = new ArrayList<>(targets.size() * captionsEach);
        List<PoisonMask.Group> groups = new ArrayList<>(targets.size());
        for (Target target : targets) {
            String noun = target.adversarialClass();
            int naming = new Mentions(noun).rows(before).length;
            if (captions == FalseCaptions.GENUINE && naming < captionsEach) {
                throw new IllegalArgumentException(
                        "targeted: " + captionsEach + " captions naming \"" + noun
                                + "\" are needed, but only " + naming
                                + " training captions do; ask for fewer (captionsEach), another class, or falseCaptions=templates");
            }
            int first = before.pairs().size() + poisons.size();
            for (String caption : captions.draw(name(), before, noun, captionsEach, random)) {
                poisons.add(new Pair(target.picture().pixels(), caption));
            }
            groups.add(new PoisonMask.Group(
                    name(), noun, IntStream.range(first, first + captionsEach).toArray()));
        }
        return before.with(poisons, groups);
    }
}
