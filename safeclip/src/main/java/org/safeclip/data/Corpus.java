package org.safeclip.data;

import java.util.List;

/**
 * What an experiment starts from, whatever file it came from.
 *
 * @param train the pairs to train on
 * @param rows for each of them its place in the source, in ascending order
 * @param heldOut pictures nobody trains on
 * @param lessons pictures trained on whose kind is known
 * @param concepts fine classes; none where the source names none
 * @param kinds coarse classes, which attacks aim at
 * @param remarks what the user should know about reading it, a line each
 */
public record Corpus(
        PairSet train,
        int[] rows,
        List<HeldOut> heldOut,
        List<Lesson> lessons,
        ClassList concepts,
        ClassList kinds,
        List<String> remarks) {

    /** Keeps its own copies of the lists. */
    public Corpus {
        heldOut = List.copyOf(heldOut);
        lessons = List.copyOf(lessons);
        remarks = List.copyOf(remarks);
    }
}
