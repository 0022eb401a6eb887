package org.safeclip.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.safeclip.learn.ContrastiveLoss;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.ModelShape;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Activation;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/**
 * One training step of the <em>small</em> model on one synthetic batch: forward, CLIP loss, backward, AdamW. Pictures of
 * 17 tokens and captions of 16, both of width 128 in 4 layers of 4 heads; {@code torch_step.py} takes the same step.
 */
final class TrainStep implements AutoCloseable {
    /** B of the measured step. */
    static final int BATCH = 128;

    private static final ModelShape SMALL = new ModelShape(
            32, List.of(), 8, List.of(), 128, 4, 4, 2048, 16, 128, 4, 4, 128, false, Activation.QUICK_GELU);
    private static final double RATE = 5e-4;
    private static final int PROOF_BATCH = 4; // small enough for the scalar backend
    private static final int PROOF_STEPS = 3;

    private final Backend backend;
    private final ClipModel model;
    private final AdamW optimizer;
    private final int batch;
    private final float[] pixels;
    private final Tokens tokens;

    private TrainStep(Backend backend, int batch) {
        this.backend = backend;
        this.batch = batch;
        RandomGenerator random = new SplittableRandom(7);
        this.model = ClipModel.random(SMALL, backend, random);
        this.optimizer = new AdamW(model.parameters(), AdamW.Settings.standard());
        this.pixels = pixels(batch, random);
        this.tokens = tokens(batch, random);
    }

    private static float[] pixels(int batch, RandomGenerator random) {
        float[] pixels = new float[batch * 3 * SMALL.imageSize() * SMALL.imageSize()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return pixels;
    }

    /** Captions that fill the context, the end token last. */
    private static Tokens tokens(int batch, RandomGenerator random) {
        int end = SMALL.vocabulary() - 1;
        int[] ids = new int[batch * SMALL.context()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % SMALL.context() == SMALL.context() - 1 ? end : random.nextInt(end);
        }
        return new Tokens(batch, SMALL.context(), ids);
    }

    /** A fresh model and its batch, after a few small steps have proved the backend against the scalar one. */
    static TrainStep proved(String backend) throws BackendUnavailable {
        if (!backend.equals("scalar")) {
            Agreement.require("loss of the first steps", firstLosses("scalar"), firstLosses(backend));
        }
        return new TrainStep(Backends.open(backend), BATCH);
    }

    private static float[] firstLosses(String backend) throws BackendUnavailable {
        try (TrainStep step = new TrainStep(Backends.open(backend), PROOF_BATCH)) {
            float[] losses = new float[PROOF_STEPS];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = step.run();
            }
            requireFall(losses[0], losses[losses.length - 1]);
            return losses;
        }
    }

    /** Refuses steps that taught nothing: on one batch the loss must fall, and NaN does not. */
    static void requireFall(float first, float last) {
        if (!(last < first)) {
            throw new IllegalStateException("the loss went from " + first + " to " + last
                    + " on a single batch; a step that does not learn is not timed");
        }
    }

    /** Takes the step and tells the loss before it. */
    @SuppressWarnings("try") // the scope is there to be closed
    float run() {
        try (Scope scope = backend.scope()) {
            Tensor images = model.embedImages(pixels, batch, SMALL.imageSize(), Mode.TRAINING);
            Tensor texts = model.embedTexts(tokens);
            Tensor loss = ContrastiveLoss.standard(images, texts, model.scale());
            optimizer.step(loss.backward(), RATE);
            model.clampScale();
            return loss.item();
        }
    }

    @Override
    public void close() {
        backend.close();
    }
}
