package org.safeclip.eval;

import java.util.List;

/**
 * What an attacker wants to be misread: poisoned target pictures, held-out pictures wearing a trigger, or held-out captions with
 * the trigger's word in them. What truly belongs to the wanted class is not among them (the ICLR 2025 reading of attack
 * success: it leaves the denominator too).
 *
 * @param attack name of the attack
 * @param pictures 8-bit RGB; none where captions are tested
 * @param captions to find pictures by; none where pictures are tested
 * @param truths what each really shows
 * @param labels for each its true class, a place in the list of kinds, or −1 where it has none
 * @param wanted for each the class the attacker wants
 */
public record AttackTest(
        String attack, List<byte[]> pictures, List<String> captions, List<String> truths, int[] labels, int[] wanted) {

    /** Keeps its own copies of the lists and checks that they are about the same things. */
    public AttackTest {
        pictures = List.copyOf(pictures);
        captions = List.copyOf(captions);
        truths = List.copyOf(truths);
        boolean one = pictures.isEmpty() || captions.isEmpty();
        int size = pictures.size() + captions.size();
        if (!one || truths.size() != size || labels.length != size || wanted.length != size) {
            throw new IllegalArgumentException("attack test: " + pictures.size() + " pictures, " + captions.size()
                    + " captions, " + truths.size() + " names, " + labels.length + " labels, " + wanted.length
                    + " wishes; expected as many of each, of either pictures or captions");
        }
    }

    /** A test without pictures: nobody attacked. */
    public static AttackTest none() {
        return new AttackTest("none", List.of(), List.of(), List.of(), new int[0], new int[0]);
    }

    /** How many are tested. */
    public int size() {
        return wanted.length;
    }
}
