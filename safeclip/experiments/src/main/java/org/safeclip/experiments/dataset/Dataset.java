package org.safeclip.experiments.dataset;

import java.util.List;
import org.safeclip.data.PairSet;

/**
 * A data set before any attack: training pairs, held-out images and classes.
 *
 * @param train the pairs to train on
 * @param rows row of each training pair in the source, ascending
 * @param heldOut images that are not trained on
 * @param labelled training images whose coarse class is known, for the linear probe
 * @param fine fine classes; empty if the source has none
 * @param coarse coarse classes, which attacks target
 * @param remarks messages for the user about reading it, one line each
 */
public record Dataset(
        PairSet train,
        int[] rows,
        List<HeldOutImage> heldOut,
        List<LabelledImage> labelled,
        ClassList fine,
        ClassList coarse,
        List<String> remarks) {

    /** Copies the lists. */
    public Dataset {
        heldOut = List.copyOf(heldOut);
        labelled = List.copyOf(labelled);
        remarks = List.copyOf(remarks);
    }
}
