package org.safeclip.train;

/** The part of a training that an epoch belongs to. */
public enum TrainingPhase {
    /** Each modality alone, all pairs (SafeCLIP). */
    WARM_UP("warm-up"),
    /** Images with captions at a slow learning rate, all pairs (SafeCLIP). */
    SLOW("slow"),
    /** Each modality alone on the risky pairs, images with captions on the safe ones (SafeCLIP). */
    MIXED("mixed"),
    /** Images with captions, all pairs (CLIP). */
    TRAIN("train"),
    /** Images matched with the nearest captions of a pool, all pairs (RoCLIP). */
    POOL("pool"),
    /** A finished model on pairs known to be clean (CleanCLIP). */
    FINE_TUNE("fine-tune");

    private final String label;

    TrainingPhase(String label) {
        this.label = label;
    }

    /** The word for people and files. */
    public String label() {
        return label;
    }
}
