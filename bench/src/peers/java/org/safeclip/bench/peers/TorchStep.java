package org.safeclip.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.safeclip.bench.StepModel;
import org.safeclip.model.ClipConfig;

/** The training step in libtorch through DJL: forward, CLIP loss, backward by its autograd, AdamW. */
final class TorchStep implements AutoCloseable {
    private static final double RATE = 5e-4;
    private static final float DECAY = 0.1f;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final float EPSILON = 1e-8f;
    private static final float LARGEST_SCALE = (float) Math.log(100);

    /** A parameter and the moments of its gradient. */
    private record Weight(NDArray value, NDArray first, NDArray second) {
        boolean isMatrix() {
            return value.getShape().dimension() >= 2;
        }
    }

    private final Torch torch;
    private final NDManager memory;
    private final TorchClip model;
    private final List<Weight> weights = new ArrayList<>();
    private final NDArray pixels;
    private final NDArray ids;
    private int steps;

    TorchStep(Torch torch, StepModel sizes) {
        this.torch = torch;
        this.memory = torch.manager().newSubManager();
        ClipConfig config = sizes.config();
        this.model = new TorchClip(config, StepModel.BATCH, memory);
        for (TorchClip.Declared declared : model.declare()) {
            NDArray value = declared.on(memory);
            weights.add(new Weight(value, value.zerosLike(), value.zerosLike()));
        }
        this.pixels = memory.randomNormal(new Shape(StepModel.BATCH, 3, config.imageSize(), config.imageSize()));
        Random random = new Random(7);
        long[] tokens = new long[StepModel.BATCH * config.text().context()];
        int end = config.text().vocabulary() - 1;
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % config.text().context() == config.text().context() - 1 ? end : random.nextInt(end);
        }
        this.ids = memory.create(tokens, new Shape(StepModel.BATCH, config.text().context()));
    }

    /** Takes one step and returns the loss before it. */
    @SuppressWarnings("try") // the scope is there to be closed
    float run() {
        try (NDScope scope = new NDScope();
                GradientCollector collector = torch.collector()) {
            // leaves that share the numbers and have no gradient yet: what zero_grad(set_to_none) does, and quicker
            List<NDArray> leaves = new ArrayList<>();
            for (Weight weight : weights) {
                NDArray leaf = weight.value.stopGradient();
                leaf.setRequiresGradient(true);
                leaves.add(leaf);
            }
            NDArray loss = model.loss(pixels, ids, leaves.iterator());
            collector.backward(loss);
            update(leaves);
            return loss.getFloat();
        }
    }

    private void update(List<NDArray> leaves) {
        steps++;
        double corrected = RATE * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        for (int i = 0; i < leaves.size(); i++) {
            Weight weight = weights.get(i);
            NDList all = new NDList(weight.value, leaves.get(i).getGradient(), weight.first, weight.second);
            float decay = weight.isMatrix() ? DECAY : 0;
            weight.value
                    .getNDArrayInternal()
                    .adamUpdate(
                            all,
                            new NDList(weight.value),
                            (float) RATE,
                            (float) corrected,
                            decay,
                            1,
                            -1,
                            (float) BETA1,
                            (float) BETA2,
                            EPSILON,
                            true,
                            true);
        }
        NDArray scale = weights.getLast().value;
        scale.subi(scale.sub(scale.clip(0, LARGEST_SCALE)));
    }

    @Override
    public void close() {
        memory.close();
    }
}
