package org.safeclip.experiments.dataset;

import java.util.List;
import org.safeclip.data.PairSet;

/**
 * What an experiment starts from, whatever file it came from.
 *
 * @param train the pairs to train on
 * @param rows for each of them its place in the source, in ascending order
 * @param heldOut pictures nobody trains on
 * @param labelled pictures trained on whose coarse is known
 * @param fine fine classes; none where the source names none
 * @param coarse coarse classes, which attacks aim at
 * @param remarks what the user should know about reading it, a line each
 */
public record Dataset(
        PairSet train,
        int[] rows,
        List<HeldOutImage> heldOut,
        List<LabelledImage> labelled,
        ClassList fine,
        ClassList coarse,
        List<String> remarks) {

    /** Keeps its own copies of the lists. */
    public Dataset {
        heldOut = List.copyOf(heldOut);
        labelled = List.copyOf(labelled);
        remarks = List.copyOf(remarks);
    }
}
