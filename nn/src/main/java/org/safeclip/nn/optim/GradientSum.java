package org.safeclip.nn.optim;

import java.util.Arrays;
import java.util.List;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.Shard;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;

/**
 * Sums the gradients of a loss over the processes, in one block. A parameter behind the {@linkplain Shard#gather gathered} rows,
 * such as the scale of the logits, has the whole gradient in every process: it is taken once.
 */
public final class GradientSum {
    private final Communicator processes;
    private final List<Parameter> parameters;
    private final Tensor behindTheGather;
    private float[] block = {};

    /**
     * A sum of the gradients of these parameters.
     *
     * @param behindTheGather the parameter that is used after the rows are gathered
     */
    public GradientSum(Communicator processes, List<Parameter> parameters, Tensor behindTheGather) {
        this.processes = processes;
        this.parameters = List.copyOf(parameters);
        this.behindTheGather = behindTheGather;
    }

    /** Replaces the gradients of this process by the sums over all; waits for the device. */
    public void apply(Gradients gradients) {
        if (processes.size() == 1) {
            return;
        }
        List<Tensor> leaves = parameters.stream()
                .map(Parameter::tensor)
                .filter(gradients::has)
                .toList();
        int length = leaves.stream().mapToInt(leaf -> leaf.shape().size()).sum();
        if (block.length != length) {
            block = new float[length];
        }
        int at = 0;
        for (Tensor leaf : leaves) {
            NdArray gradient = gradients.of(leaf);
            int size = gradient.shape().size();
            if (leaf != behindTheGather || processes.isFirst()) {
                gradient.storage().read(block, at, size);
            } else {
                Arrays.fill(block, at, at + size, 0);
            }
            at += size;
        }
        processes.sum(block);
        at = 0;
        for (Tensor leaf : leaves) { // after all were read: two leaves may share an array
            NdArray gradient = gradients.of(leaf);
            gradient.storage().write(block, at, gradient.shape().size());
            at += gradient.shape().size();
        }
    }
}
