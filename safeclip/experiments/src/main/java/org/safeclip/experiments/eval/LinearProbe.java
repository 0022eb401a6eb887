package org.safeclip.experiments.eval;

import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.nn.Initialisers;
import org.safeclip.nn.Linear;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Scope;

/**
 * A linear probe: one linear layer trained on the frozen features of labelled images, with the protocol of SafeCLIP's release:
 * AdamW at 0.005 with cosine decay and no warm-up, weight decay 0.01 except for the bias, 32 epochs, batches of 128, features not
 * normalised.
 *
 * @param classifier {@code E -> C}
 */
record LinearProbe(Linear classifier) {
    private static final int EPOCHS = 32;
    private static final int BATCH = 128;
    private static final double RATE = 0.005;
    private static final double DECAY = 0.01;

    /**
     * Features with their classes.
     *
     * @param features {@code [n, E]}
     * @param labels class index of each, {@code [n]}
     */
    record Labelled(float[][] features, int[] labels) {}

    /**
     * Trains a probe and returns its accuracy on the test set.
     *
     * @param classes C, number of classes
     */
    @SuppressWarnings("try") // the scope is there to be closed
    static Interval accuracy(Backend backend, Labelled train, Labelled test, int classes, RandomGenerator random) {
        try (Scope life = backend.scope()) {
            LinearProbe probe = fit(backend, train, classes, random);
            int[] calls = Ranking.best(probe.logits(backend, test.features()), classes);
            int hits = 0;
            for (int i = 0; i < calls.length; i++) {
                hits += calls[i] == test.labels()[i] ? 1 : 0;
            }
            return Interval.clopperPearson(hits, calls.length, Interval.LEVEL);
        }
    }

    /** An untrained probe: weights with PyTorch's variance 1/(3E), but normally distributed. */
    static LinearProbe random(int width, int classes, Backend backend, RandomGenerator random) {
        return new LinearProbe(
                Linear.random(width, classes, Initialisers.widthStd(width) / Math.sqrt(3), backend, random));
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static LinearProbe fit(Backend backend, Labelled train, int classes, RandomGenerator random) {
        LinearProbe probe = random(train.features()[0].length, classes, backend, random);
        AdamW optimizer =
                new AdamW(probe.parameters(), AdamW.Settings.standard().withDecay(DECAY));
        int n = train.labels().length;
        int batches = Math.ceilDiv(n, BATCH);
        Schedule schedule = Schedule.fixed(RATE, 0, (long) EPOCHS * batches);
        long steps = 0;
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            shuffle(order, random);
            for (int from = 0; from < n; from += BATCH) {
                int size = Math.min(BATCH, n - from);
                float[][] x = new float[size][];
                int[] y = new int[size];
                for (int i = 0; i < size; i++) {
                    x[i] = train.features()[order[from + i]];
                    y[i] = train.labels()[order[from + i]];
                }
                try (Scope step = backend.scope()) {
                    optimizer.step(probe.loss(backend, x, y).backward(), schedule.rate(steps++));
                }
            }
        }
        return probe;
    }

    /** The parameters: the weight, with weight decay, and the bias, without. */
    List<Parameter> parameters() {
        Tensor bias = classifier.bias();
        return bias == null
                ? List.of(new Parameter("weight", classifier.weight()))
                : List.of(new Parameter("weight", classifier.weight()), new Parameter("bias", bias));
    }

    /** Mean cross-entropy of a batch in nats; features {@code [B, E]}, labels {@code [B]}. */
    Tensor loss(Backend backend, float[][] features, int... labels) {
        IntStorage targets = backend.allocateInts(labels.length);
        targets.write(labels, 0, labels.length);
        return classifier.apply(constant(backend, features)).crossEntropy(targets);
    }

    /** The logits, {@code [n, C]} row by row. */
    float[] logits(Backend backend, float[]... features) {
        return classifier.apply(constant(backend, features)).value().toArray();
    }

    private static Tensor constant(Backend backend, float[]... features) {
        NdArray rows = Retrieval.array(backend, features);
        return Tensor.constant(rows);
    }

    private static void shuffle(int[] order, RandomGenerator random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
