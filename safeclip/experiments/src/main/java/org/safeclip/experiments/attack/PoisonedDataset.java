package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.settings.InvalidInputException;

/**
 * A data set under attack: the pairs as they are now, the mask of its poisons, and the held-out images that no poison was made of.
 * Attacks change it one after the other.
 */
public final class PoisonedDataset {
    private final Dataset clean;
    private final List<HeldOutImage> heldOut;
    private final Set<String> openedClasses = new HashSet<>();
    private PairSet pairs;
    private PoisonMask mask;

    /**
     * A data set that nobody has attacked yet.
     *
     * @param known poisons that were in the pairs before
     */
    public PoisonedDataset(Dataset clean, PoisonMask known) {
        if (known.pairs() != clean.train().size()) {
            throw new IllegalArgumentException(
                    "poisoned data set: " + clean.train().size() + " pairs but a mask of " + known.pairs()
                            + "; the mask must be about the same pairs");
        }
        this.clean = clean;
        this.heldOut = new ArrayList<>(clean.heldOut());
        this.pairs = clean.train();
        this.mask = known;
    }

    /** A data set without any poison. */
    public static PoisonedDataset clean(Dataset clean) {
        return new PoisonedDataset(clean, PoisonMask.none(clean.train().size()));
    }

    /** The data set before any attack of this program. */
    public Dataset clean() {
        return clean;
    }

    /** The pairs as they are now: all that training sees. */
    public PairSet pairs() {
        return pairs;
    }

    /** Which of the pairs are poisons. */
    public PoisonMask mask() {
        return mask;
    }

    /** The held-out images that no poison was made of. */
    public List<HeldOutImage> heldOut() {
        return List.copyOf(heldOut);
    }

    /** Names of the classes that a model's answers are chosen from. */
    public ClassList classes() {
        return clean.coarse();
    }

    /** Place of a class in the list of classes, −1 where it is none of them. */
    public int classIndex(String noun) {
        return classes().names().indexOf(noun);
    }

    /** Rows of the honest pairs whose caption names a class. */
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

    /** Appends poisons with one aim; the answer is their rows. */
    public int[] append(String attack, String targetClass, List<Pair> poisons) {
        int first = pairs.size();
        int[] rows = IntStream.range(first, first + poisons.size()).toArray();
        update(pairs.with(poisons), new PoisonMask.Group(attack, targetClass, rows));
        return rows;
    }

    /** Replaces pairs by poisons with one aim. */
    public void replace(String attack, String targetClass, Map<Integer, Pair> poisons) {
        int[] rows =
                poisons.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        update(pairs.replaced(poisons), new PoisonMask.Group(attack, targetClass, rows));
    }

    private void update(PairSet now, PoisonMask.Group group) {
        List<PoisonMask.Group> groups = new ArrayList<>(mask.groups());
        groups.add(group);
        pairs = now;
        mask = new PoisonMask(now.size(), groups);
    }

    /** Takes held-out images for poisons or as targets, so that no test shows them. */
    public void take(List<HeldOutImage> images) {
        heldOut.removeAll(images);
    }

    /**
     * Draws held-out images to make poisons of, and takes them.
     *
     * @param attack named where there are too few
     */
    public List<HeldOutImage> takeNotOfClass(String attack, String noun, int count, RandomGenerator random) {
        List<HeldOutImage> others = notOfClass(noun);
        if (others.size() < count) {
            throw new InvalidInputException(attack + ": " + count + " pairs to poison, but only " + others.size()
                    + " held-out images are no " + noun + "; use fewer (attack.poisons)");
        }
        List<HeldOutImage> drawn = IntStream.of(
                        draw(IntStream.range(0, others.size()).toArray(), count, random))
                .mapToObj(others::get)
                .toList();
        take(drawn);
        return drawn;
    }

    /**
     * The class that a backdoor opens: the wanted one, or one drawn from those that enough captions name, each once.
     *
     * @param wanted a class; empty to draw one
     * @param captions honest captions that must name it
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
                .filter(name -> !openedClasses.contains(name) && rowsNaming(name).length >= captions)
                .toList();
        if (candidates.isEmpty()) {
            throw new InvalidInputException("backdoor: none of " + names.size() + " classes is named by " + captions
                    + " training captions; choose one with attack.targetClass=WORD");
        }
        String drawn = candidates.get(random.nextInt(candidates.size()));
        openedClasses.add(drawn);
        return drawn;
    }

    /** Draws without replacement: the first {@code count} steps of a Fisher-Yates shuffle of a copy. */
    static int[] draw(int[] from, int count, RandomGenerator random) {
        int[] shuffled = from.clone();
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, shuffled.length);
            int drawn = shuffled[j];
            shuffled[j] = shuffled[i];
            shuffled[i] = drawn;
        }
        return Arrays.copyOf(shuffled, count);
    }
}
