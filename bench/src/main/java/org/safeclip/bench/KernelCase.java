package org.safeclip.bench;

import java.util.function.Function;
import java.util.function.Supplier;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;

/**
 * One kernel at one size.
 *
 * @param kernel which kernel, such as {@code softmax}
 * @param shape at which place of a model, such as {@code scores17}
 * @param work what it has to do
 * @param setting how its operands are made
 */
public record KernelCase(String kernel, String shape, Work work, Function<Inputs, Ready> setting) {
    /**
     * A kernel with its operands.
     *
     * @param run starts it once
     * @param answer what it found
     */
    public record Ready(Runnable run, Supplier<float[]> answer) {
        static Ready of(Runnable run, Storage answer) {
            return new Ready(run, () -> Inputs.numbers(answer));
        }

        static Ready of(Runnable run, IntStorage answer) {
            return new Ready(run, () -> Inputs.numbers(answer));
        }
    }

    /** Its name in messages. */
    public String name() {
        return kernel + " " + shape;
    }

    /** Ready to be timed on this backend, whose answer has been compared with the scalar one. */
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
