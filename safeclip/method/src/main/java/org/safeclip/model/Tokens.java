package org.safeclip.model;

/**
 * Captions as token ids.
 *
 * @param count B, captions
 * @param length T, ids of each
 * @param ids {@code [B, T]}; behind the end token, which has the largest id, anything may follow: a causal mask hides it
 */
public record Tokens(int count, int length, int[] ids) {
    /** Refuses ids that do not fill the rows. */
    public Tokens {
        if (ids.length != count * length) {
            throw new IllegalArgumentException(
                    ids.length + " token ids do not make " + count + " captions of " + length + " tokens");
        }
    }

    /** For every caption the row of its end token in {@code [B·T, D]}: the first place of the largest id. */
    int[] ends() {
        int[] ends = new int[count];
        for (int b = 0; b < count; b++) {
            int end = b * length;
            for (int at = end + 1; at < (b + 1) * length; at++) {
                end = ids[at] > ids[end] ? at : end;
            }
            ends[b] = end;
        }
        return ends;
    }
}
