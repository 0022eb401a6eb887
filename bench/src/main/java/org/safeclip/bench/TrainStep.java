package org.safeclip.bench;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.safeclip.loss.ContrastiveLoss;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Activity;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;

/**
 * One training step of a {@link StepModel} on one synthetic batch: forward, CLIP loss, backward, AdamW. {@code
 * torch_step.py} is the PyTorch equivalent.
 */
public final class TrainStep implements AutoCloseable {
    private static final double RATE = 5e-4;
    private static final int PROOF_BATCH = 4; // small enough for the scalar backend
    private static final int PROOF_STEPS = 3;

    private final Backend backend;
    private final ClipModel model;
    private final AdamW optimizer;
    private final int batch;
    private final int imageSize;
    private final float[] pixels;
    private final Tokens tokens;
    private Precision precision = Precision.FLOAT32;
    private long enqueued;

    /** A new model on this backend with its batch, not verified: {@link #proved} does that. */
    public TrainStep(StepModel sizes, Backend backend, int batch) {
        ClipConfig config = sizes.config();
        this.backend = backend;
        this.batch = batch;
        this.imageSize = config.imageSize();
        RandomGenerator random = new SplittableRandom(7);
        this.model = ClipModel.random(config, backend, random);
        this.optimizer = new AdamW(model.parameters(), AdamW.Settings.standard());
        this.pixels = pixels(batch, config, random);
        this.tokens = tokens(batch, config, random);
    }

    private static float[] pixels(int batch, ClipConfig config, RandomGenerator random) {
        float[] pixels = new float[batch * 3 * config.imageSize() * config.imageSize()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return pixels;
    }

    /** Captions that fill the context, the end token last. */
    private static Tokens tokens(int batch, ClipConfig config, RandomGenerator random) {
        int end = config.text().vocabulary() - 1;
        int[] ids = new int[batch * config.text().context()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % config.text().context() == config.text().context() - 1 ? end : random.nextInt(end);
        }
        return new Tokens(batch, config.text().context(), ids);
    }

    /**
     * A new model with its batch, after verifying the backend against the scalar one in a few small steps.
     *
     * @throws IllegalStateException if the losses differ
     */
    public static TrainStep proved(StepModel sizes, String backend) throws BackendUnavailable {
        if (!backend.equals("scalar")) {
            Agreement.require("loss of the first steps", firstLosses(sizes, "scalar"), firstLosses(sizes, backend));
        }
        return new TrainStep(sizes, Backends.open(backend), StepModel.BATCH);
    }

    private static float[] firstLosses(StepModel sizes, String backend) throws BackendUnavailable {
        try (TrainStep step = new TrainStep(sizes, Backends.open(backend), PROOF_BATCH)) {
            float[] losses = new float[PROOF_STEPS];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = step.run();
            }
            requireFall(losses[0], losses[losses.length - 1]);
            return losses;
        }
    }

    /** Throws an IllegalStateException unless the loss fell, as it must on a single batch; NaN throws. */
    public static void requireFall(float first, float last) {
        if (!(last < first)) {
            throw new IllegalStateException("the loss went from " + first + " to " + last
                    + " on a single batch; a step that does not learn is not timed");
        }
    }

    /** Takes one step and returns the loss before it. */
    @SuppressWarnings("try") // the scope is there to be closed
    public float run() {
        long start = System.nanoTime();
        try (Scope scope = backend.scope(precision)) {
            Tensor images = model.embedImages(pixels, batch, imageSize, Mode.TRAINING);
            Tensor texts = model.embedTexts(tokens);
            Tensor loss = ContrastiveLoss.standard(images, texts, model.scale());
            optimizer.step(loss.backward(), RATE);
            model.clampScale();
            enqueued = System.nanoTime() - start;
            return loss.item();
        }
    }

    /** Lets the next steps compute their large products in a precision, if the device can: whether it can. */
    public boolean in(Precision wanted) {
        precision = wanted;
        return backend.products(wanted) == wanted;
    }

    /** Nanoseconds of the last step until the host waited for the loss: what a device queue costs the host. */
    public long enqueueNanos() {
        return enqueued;
    }

    /** What the host has asked of the device so far. */
    public Activity activity() {
        return backend.activity();
    }

    @Override
    public void close() {
        backend.close();
    }
}
