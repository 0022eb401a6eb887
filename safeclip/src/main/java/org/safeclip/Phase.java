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
    TRAIN("train"),
    /** Pictures matched with the nearest captions of a pool, all pairs (RoCLIP). */
    POOL("pool"),
    /** A finished model on pairs known to be clean (CleanCLIP). */
    FINE_TUNE("fine-tune");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    /** The word for people and files. */
    public String label() {
        return label;
    }
}
