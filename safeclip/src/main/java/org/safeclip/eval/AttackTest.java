package org.safeclip.eval;

import java.util.List;

/**
 * Pictures an attacker wants to be misread: the poisoned targets themselves, or held-out pictures wearing the trigger. Pictures
 * that truly belong to the wanted class are not among them (the ICLR 2025 reading of attack success: they leave the
 * denominator too).
 *
 * @param pictures 8-bit RGB
 * @param truths what each really shows
 * @param wanted for each the class the attacker wants, a place in the class list
 */
public record AttackTest(List<byte[]> pictures, List<String> truths, int[] wanted) {
    /** A test without pictures: nobody attacked. */
    public static AttackTest none() {
        return new AttackTest(List.of(), List.of(), new int[0]);
    }
}
