package org.safeclip;

/** The part of a training an epoch belongs to. */
public enum Phase {
    /** Each modality alone, all pairs. */
    WARM_UP("warm-up"),
    /** Pictures with captions at a slow rate, all pairs. */
    SLOW("slow"),
    /** Each modality alone on the risky pairs, pictures with captions on the safe ones. */
    MIXED("mixed"),
    /** Pictures with captions, all pairs. */
    TRAIN("train");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    /** The word for people and files. */
    public String label() {
        return label;
    }
}
