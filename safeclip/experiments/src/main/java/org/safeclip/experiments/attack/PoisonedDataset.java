package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * A data set with its poisons: the current pairs, the mask of the poisons, and the held-out images that are not used in poisons.
 * Attacks change it one after the other.
 */
public final class PoisonedDataset {
    private final Dataset clean;
    private final List<HeldOutImage> heldOut;
    private final Set<String> usedTargets = new HashSet<>();
    private PairSet pairs;
    private PoisonMask mask;

    /**
     * A data set before the first attack.
     *
     * @param known poisons that the pairs already contain
     * @throws IllegalArgumentException if the mask has another number of pairs
     */
    public PoisonedDataset(Dataset clean, PoisonMask known) {
        if (known.pairs() != clean.train().size()) {
            throw new IllegalArgumentException(
                    "poisoned data set: " + clean.train().size() + " pairs but a mask of " + known.pairs()
                            + "; the mask must be that of these pairs");
        }
        this.clean = clean;
        this.heldOut = new ArrayList<>(clean.heldOut());
        this.pairs = clean.train();
        this.mask = known;
    }

    /** A data set without poisons. */
    public static PoisonedDataset clean(Dataset clean) {
        return new PoisonedDataset(clean, PoisonMask.none(clean.train().size()));
    }

    /** The data set before any attack of this program. */
    public Dataset clean() {
        return clean;
    }

    /** The current pairs, poisons included: what training sees. */
    public PairSet pairs() {
        return pairs;
    }

    /** Which of the pairs are poisons. */
    public PoisonMask mask() {
        return mask;
    }

    /** The held-out images that are neither targets nor used in poisons. */
    public List<HeldOutImage> heldOut() {
        return List.copyOf(heldOut);
    }

    /** The coarse classes, which attacks target and tests classify into. */
    public ClassList classes() {
        return clean.coarse();
    }

    /** Index of a class in {@link #classes}, −1 if it is not one of them. */
    public int classIndex(String noun) {
        return classes().names().indexOf(noun);
    }

    /** Rows of the clean pairs whose caption names a class, ascending. */
    public int[] rowsNaming(String noun) {
        CaptionMatcher naming = new CaptionMatcher(noun);
        BitSet poisons = mask.rows();
        return IntStream.range(0, pairs.size())
                .filter(i -> !poisons.get(i) && naming.test(pairs.caption(i)))
                .toArray();
    }

    /** Held-out images that do not belong to a class and whose caption does not name it. */
    public List<HeldOutImage> notOfClass(String noun) {
        CaptionMatcher naming = new CaptionMatcher(noun);
        int index = classIndex(noun);
        Predicate<HeldOutImage> other =
                image -> (index < 0 || image.coarse() != index) && !naming.test(image.caption());
        return heldOut.stream().filter(other).toList();
    }

    /** Appends poisons of one target class; returns their rows. */
    public int[] append(String attack, String targetClass, List<Pair> poisons) {
        int first = pairs.size();
        int[] rows = IntStream.range(first, first + poisons.size()).toArray();
        update(pairs.with(poisons), new PoisonMask.Group(attack, targetClass, rows));
        return rows;
    }

    /** Replaces pairs by poisons of one target class; keys are rows. */
    public void replace(String attack, String targetClass, Map<Integer, Pair> poisons) {
        int[] rows =
                poisons.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        update(pairs.replaced(poisons), new PoisonMask.Group(attack, targetClass, rows));
    }

    private void update(PairSet now, PoisonMask.Group group) {
        List<PoisonMask.Group> groups = new ArrayList<>(mask.groups());
        groups.add(group);
        pairs = now;
        mask = new PoisonMask(now.size(), groups, mask.decoys());
    }

    /**
     * Appends honest pairs of held-out images, each with one of its captions, and removes these from the held-out set.
     *
     * @param count number of pairs
     * @throws InvalidInputException if there are too few held-out images
     */
    public void appendDecoys(int count, RandomGenerator random) {
        if (heldOut.size() < count) {
            throw new InvalidInputException("attack.decoys is " + count + ", expected at most the " + heldOut.size()
                    + " held-out images that the attacks have left");
        }
        List<HeldOutImage> drawn = IntStream.of(
                        RandomKey.drawn(IntStream.range(0, heldOut.size()).toArray(), count, random))
                .mapToObj(heldOut::get)
                .toList();
        remove(drawn);
        int first = pairs.size();
        pairs = pairs.with(drawn.stream()
                .map(image -> new Pair(
                        image.pixels(),
                        image.captions().get(random.nextInt(image.captions().size()))))
                .toList());
        mask = new PoisonMask(
                pairs.size(),
                mask.groups(),
                IntStream.range(first, pairs.size()).toArray());
    }

    /** Removes images from the held-out set because they are targets or in poisons, so that no test uses them. */
    public void remove(List<HeldOutImage> images) {
        heldOut.removeAll(images);
    }

    /**
     * Draws held-out images of other classes for poisons, and removes them from the held-out set.
     *
     * @param attack name of the attack, for the error message
     * @param noun the target class
     * @throws InvalidInputException if there are too few
     */
    public List<HeldOutImage> drawNotOfClass(String attack, String noun, int count, RandomGenerator random) {
        List<HeldOutImage> others = notOfClass(noun);
        if (others.size() < count) {
            throw new InvalidInputException(attack + ": " + count + " pairs to poison, but only " + others.size()
                    + " held-out images do not show " + noun + "; use fewer (attack.poisons)");
        }
        List<HeldOutImage> drawn = IntStream.of(
                        RandomKey.drawn(IntStream.range(0, others.size()).toArray(), count, random))
                .mapToObj(others::get)
                .toList();
        remove(drawn);
        return drawn;
    }

    /**
     * The target class of a backdoor: the configured one, or one drawn from the classes that enough captions name. No class is
     * drawn twice.
     *
     * @param wanted the configured class; empty to draw one
     * @param captions clean captions that must name it, at least
     * @throws InvalidInputException if the configured class is not tested or no class can be drawn
     */
    public String targetClass(String wanted, int captions, RandomGenerator random) {
        List<String> names = classes().names();
        if (!wanted.isEmpty()) {
            if (!names.isEmpty() && !names.contains(wanted)) {
                throw new InvalidInputException("attack.targetClass is \"" + wanted
                        + "\", expected one of the classes tested: " + String.join(", ", names));
            }
            return wanted;
        }
        List<String> candidates = names.stream()
                .filter(name -> !usedTargets.contains(name) && rowsNaming(name).length >= captions)
                .toList();
        if (candidates.isEmpty()) {
            throw new InvalidInputException("backdoor: none of " + names.size() + " classes is named by " + captions
                    + " training captions; choose one with attack.targetClass=WORD");
        }
        String drawn = candidates.get(random.nextInt(candidates.size()));
        usedTargets.add(drawn);
        return drawn;
    }
}
