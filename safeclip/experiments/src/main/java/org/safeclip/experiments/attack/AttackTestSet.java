package org.safeclip.experiments.attack;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.dataset.HeldOutImage;

/**
 * The inputs that an attacker wants misclassified: target images, held-out images with a trigger, or held-out captions with the
 * trigger word. Inputs that truly belong to the wanted class are left out, so they count neither as successes nor as trials
 * (attack success as in Huang et al., ICLR 2025).
 *
 * @param attack name of the attack
 * @param images 8-bit RGB, row by row; empty if captions are tested
 * @param captions queries for image retrieval; empty if images are tested
 * @param truths name of what each input shows
 * @param labels true class of each input, an index into the coarse classes, or −1 if it has none
 * @param wanted class that the attacker wants for each input, an index into the coarse classes
 * @param withoutTrigger these inputs without the trigger; null if the attack has no trigger
 */
public record AttackTestSet(
        String attack,
        List<byte[]> images,
        List<String> captions,
        List<String> truths,
        int[] labels,
        int[] wanted,
        @Nullable AttackTestSet withoutTrigger) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the lengths differ, or both images and captions are given
     */
    public AttackTestSet {
        images = List.copyOf(images);
        captions = List.copyOf(captions);
        truths = List.copyOf(truths);
        boolean one = images.isEmpty() || captions.isEmpty();
        int size = images.size() + captions.size();
        if (!one || truths.size() != size || labels.length != size || wanted.length != size) {
            throw new IllegalArgumentException("attack test: " + images.size() + " images, " + captions.size()
                    + " captions, " + truths.size() + " names, " + labels.length + " labels, " + wanted.length
                    + " wanted classes; expected equal numbers, and either images or captions");
        }
    }

    /** The empty test set: there is no attack. */
    public static AttackTestSet none() {
        return new AttackTestSet("none", List.of(), List.of(), List.of(), new int[0], new int[0], null);
    }

    /**
     * A test set of images, all with one wanted class.
     *
     * @param shown the held-out images before the trigger was added
     * @param triggered those images with the trigger
     */
    public static AttackTestSet ofImages(
            String attack, List<HeldOutImage> shown, List<byte[]> triggered, int wantedClass) {
        List<byte[]> plain = shown.stream().map(HeldOutImage::pixels).toList();
        AttackTestSet without = of(attack, shown, plain, List.of(), wantedClass, null);
        return of(attack, shown, triggered, List.of(), wantedClass, without);
    }

    /**
     * A test set of captions that should all retrieve images of one class.
     *
     * @param shown the held-out images to which the captions belong
     * @param triggered their captions with the trigger word
     */
    public static AttackTestSet ofCaptions(
            String attack, List<HeldOutImage> shown, List<String> triggered, int wantedClass) {
        List<String> plain = shown.stream().map(HeldOutImage::caption).toList();
        AttackTestSet without = of(attack, shown, List.of(), plain, wantedClass, null);
        return of(attack, shown, List.of(), triggered, wantedClass, without);
    }

    private static AttackTestSet of(
            String attack,
            List<HeldOutImage> shown,
            List<byte[]> images,
            List<String> captions,
            int wantedClass,
            @Nullable AttackTestSet withoutTrigger) {
        int[] wanted = new int[shown.size()];
        Arrays.fill(wanted, wantedClass);
        return new AttackTestSet(
                attack,
                images,
                captions,
                shown.stream().map(HeldOutImage::name).toList(),
                shown.stream().mapToInt(HeldOutImage::coarse).toArray(),
                wanted,
                withoutTrigger);
    }

    /** Number of inputs. */
    public int size() {
        return wanted.length;
    }
}
