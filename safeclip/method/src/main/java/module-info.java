/**
 * SafeCLIP as a library: CLIP models, their training on poisoned image-caption pairs, and the methods it is compared with. Nothing
 * here knows of attacks, poison labels or evaluation.
 */
module org.safeclip {
    requires it.unimi.dsi.fastutil;
    requires jdk.incubator.vector; // the E-step of the mixture
    requires static transitive org.jspecify;
    requires transitive org.safeclip.nn;

    exports org.safeclip;
    exports org.safeclip.baseline;
    exports org.safeclip.data;
    exports org.safeclip.loss;
    exports org.safeclip.model; // Module walks the components of its records
    exports org.safeclip.reference;
    exports org.safeclip.selection;
    exports org.safeclip.settings;
    exports org.safeclip.train;
}
