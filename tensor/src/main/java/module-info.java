/** Arrays, shapes, automatic differentiation and the contract with hardware. Depends on nothing but the JDK. */
module org.safeclip.tensor {
    requires static transitive org.jspecify;
    requires jdk.incubator.vector;

    exports org.safeclip.tensor;
    exports org.safeclip.tensor.backend;
    exports org.safeclip.tensor.check;
    exports org.safeclip.tensor.cpu; // the providers, and the pool of worker threads

    uses org.safeclip.tensor.backend.BackendProvider;

    provides org.safeclip.tensor.backend.BackendProvider with
            org.safeclip.tensor.cpu.ScalarProvider,
            org.safeclip.tensor.cpu.SimdProvider;
}
