package org.safeclip.bench;

import java.util.function.Function;
import java.util.function.Supplier;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;

/**
 * A benchmark case: one kernel at one size.
 *
 * @param kernel name of the kernel, such as {@code softmax}
 * @param shape name of the size, after its place in a model, such as {@code scores17}
 * @param work least work the kernel has to do
 * @param setting creates its operands
 */
public record KernelCase(String kernel, String shape, Work work, Function<Inputs, Ready> setting) {
    /**
     * A kernel with its operands.
     *
     * @param run launches it once
     * @param answer reads its result
     */
    public record Ready(Runnable run, Supplier<float[]> answer) {
        /** A kernel whose result is this storage. */
        public static Ready of(Runnable run, Storage answer) {
            return new Ready(run, () -> Inputs.numbers(answer));
        }

        /** A kernel whose result are these integers. */
        public static Ready of(Runnable run, IntStorage answer) {
            return new Ready(run, () -> Inputs.numbers(answer));
        }
    }

    /** Name for display: kernel and shape. */
    public String name() {
        return kernel + " " + shape;
    }

    /**
     * The case on this backend, its result verified against the scalar one.
     *
     * @throws IllegalStateException if the results differ
     */
    public Ready proved(Backend backend) {
        if (!backend.name().equals("scalar")) {
            Agreement.require(name() + " on " + backend.name(), scalarAnswer(), answer(backend));
        }
        return setting.apply(new Inputs(backend)); // afresh: some kernels work in place
    }

    private float[] scalarAnswer() {
        try (Backend scalar = Backends.open("scalar")) {
            return answer(scalar);
        } catch (BackendUnavailable e) {
            throw new IllegalStateException("the scalar backend opens everywhere, but: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("try") // the scope gives the operands back
    private float[] answer(Backend backend) {
        try (var scope = backend.scope()) {
            Ready ready = setting.apply(new Inputs(backend));
            ready.run.run();
            return ready.answer.get();
        }
    }
}
