package org.safeclip.experiments.attack;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.dataset.HeldOutImage;

/**
 * What an attacker wants misread: target images, held-out images with a trigger, or held-out captions with the trigger's word. What
 * truly belongs to the wanted class is not among them, so it counts neither as a success nor as a trial (the reading of attack
 * success in Huang et al., ICLR 2025).
 *
 * @param attack name of the attack
 * @param images 8-bit RGB; none where captions are tested
 * @param captions to find images by; none where images are tested
 * @param truths what each really shows
 * @param labels for each its true class, a place in the list of coarse classes, or −1 where it has none
 * @param wanted for each the class that the attacker wants
 * @param withoutTrigger the same questions without the trigger; null where the attack has none
 */
public record AttackTestSet(
        String attack,
        List<byte[]> images,
        List<String> captions,
        List<String> truths,
        int[] labels,
        int[] wanted,
        @Nullable AttackTestSet withoutTrigger) {

    /** Copies the lists and checks that they are about the same things. */
    public AttackTestSet {
        images = List.copyOf(images);
        captions = List.copyOf(captions);
        truths = List.copyOf(truths);
        boolean one = images.isEmpty() || captions.isEmpty();
        int size = images.size() + captions.size();
        if (!one || truths.size() != size || labels.length != size || wanted.length != size) {
            throw new IllegalArgumentException("attack test: " + images.size() + " images, " + captions.size()
                    + " captions, " + truths.size() + " names, " + labels.length + " labels, " + wanted.length
                    + " wanted classes; expected as many of each, of either images or captions");
        }
    }

    /** A test without a question: there is no attack. */
    public static AttackTestSet none() {
        return new AttackTestSet("none", List.of(), List.of(), List.of(), new int[0], new int[0], null);
    }

    /**
     * A test of images that are all wanted to be one class.
     *
     * @param shown what the images were made of
     * @param triggered the images with the trigger
     */
    public static AttackTestSet ofImages(
            String attack, List<HeldOutImage> shown, List<byte[]> triggered, int wantedClass) {
        List<byte[]> plain = shown.stream().map(HeldOutImage::pixels).toList();
        AttackTestSet without = of(attack, shown, plain, List.of(), wantedClass, null);
        return of(attack, shown, triggered, List.of(), wantedClass, without);
    }

    /**
     * A test of captions that are all wanted to find one class.
     *
     * @param shown what the captions belong to
     * @param triggered the captions with the trigger
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

    /** How many are tested. */
    public int size() {
        return wanted.length;
    }
}
