package org.safeclip.experiments.dataset;

/** Pictures to be classified: {@code pictures[i]} (an index into the set) truly belongs to class {@code labels[i]}. */
public record LabelledIndices(int[] pictures, int[] labels) {

    /** The number of pictures. */
    public int size() {
        return pictures.length;
    }
}
