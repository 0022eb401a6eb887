/** Layers, optimisers and checkpoints, built on tensors. */
module org.safeclip.nn {
    requires transitive org.safeclip.tensor;

    exports org.safeclip.nn;
    exports org.safeclip.nn.io;
    exports org.safeclip.nn.optim;
    exports org.safeclip.nn.parallel;

    uses org.safeclip.nn.parallel.CommunicatorProvider;
}
