package org.safeclip.data;

/** Pictures to be classified: {@code pictures[i]} (an index into the set) truly belongs to class {@code labels[i]}. */
public record Labelled(int[] pictures, int[] labels) {

    /** The number of pictures. */
    public int size() {
        return pictures.length;
    }
}
