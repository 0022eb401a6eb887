package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.safeclip.data.Augmentation;
import org.safeclip.data.AugmentationSettings;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.data.TextAugmentation;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.TextConfig;
import org.safeclip.model.VisionConfig;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainerSettings;
import org.safeclip.train.TrainingListener;

/**
 * Pairs small enough to be trained on in a test, and a model as small for them.
 *
 * @param pairs images of one colour and captions that name it, but for the last four, which call a red image blue
 * @param config sizes of the model; its vocabulary is the largest that the tokenizer may learn
 * @param training how steps are taken
 * @param key origin of all random numbers
 */
public record TestPairs(PairSet pairs, ClipConfig config, TrainerSettings training, RandomKey key) {
    /** S. */
    public static final int SIDE = 32;

    /** A transformer for images, two heads on four by four patches. */
    public static final VisionConfig TRANSFORMER = new VisionConfig(List.of(), 8, List.of(), 16, 1, 2, true);

    /** Two convolutions for images. */
    public static final VisionConfig CONVOLUTIONS = new VisionConfig(List.of(4, 8), 0, List.of(), 16, 0, 2, true);

    /** SafeCLIP in 2 + 1 + 3 epochs. */
    public static final SafeClipSettings SAFECLIP = Settings.with(
            SafeClipSettings.defaults(),
            Map.of("warmupEpochs", 2, "mixedEpochs", 3, "mixedWarmupSteps", 2, "safeSteps", 4, "growth", 0.1));

    private static final int POISONS = 4;
    private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow", "white", "black");
    private static final int[][] RGB = {
        {220, 30, 30}, {30, 200, 40}, {30, 40, 220}, {230, 220, 30}, {240, 240, 240}, {10, 10, 10}
    };
    private static final List<String> THINGS = List.of("wall", "sheet of paper", "square", "flag");

    /** N pairs, a transformer, batches of 8. */
    public static TestPairs of(int n) {
        SplittableRandom random = new SplittableRandom(17);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean poison = i >= n - POISONS;
            int colour = poison ? 0 : i % COLOURS.size();
            String thing = THINGS.get(random.nextInt(THINGS.size()));
            String called = poison ? "blue" : COLOURS.get(colour);
            pairs.add(new Pair(image(colour, random), "a " + called + " " + thing));
        }
        return new TestPairs(
                PairSet.of(SIDE, pairs),
                new ClipConfig(SIDE, 8, true, TRANSFORMER, new TextConfig(600, 12, 16, 1, 2)),
                Settings.with(TrainerSettings.defaults(), Map.of("batchSize", 8, "warmupSteps", 2)),
                RandomKey.of(0));
    }

    private static byte[] image(int colour, SplittableRandom random) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.clamp(RGB[colour][i % 3] + random.nextInt(41) - 20, 0, 255);
        }
        return pixels;
    }

    /** Other pairs for the same model. */
    public TestPairs showing(PairSet others) {
        return new TestPairs(others, config, training, key);
    }

    /** The same pairs for another image encoder. */
    public TestPairs encodedBy(VisionConfig vision) {
        return new TestPairs(pairs, Settings.with(config, "vision", vision), training, key);
    }

    /** The same with another setting of the trainer. */
    public TestPairs trainedWith(String name, Object value) {
        return new TestPairs(pairs, config, Settings.with(training, name, value), key);
    }

    /** The same from another seed. */
    public TestPairs seededBy(long seed) {
        return new TestPairs(pairs, config, training, RandomKey.of(seed));
    }

    /** A tokenizer learned from the captions. */
    public Tokenizer tokenizer() {
        return Tokenizer.learn(pairs.captions(), config.text().vocabulary());
    }

    /** Makes the batches. */
    public Augmentation augmentation() {
        AugmentationSettings images = AugmentationSettings.defaults();
        return new Augmentation(
                pairs,
                images.strong(SIDE),
                images.weak(SIDE),
                TextAugmentation.embedded(),
                tokenizer(),
                config.text().context(),
                key);
    }

    /** A fresh model. */
    public ClipModel model(Backend backend) {
        ClipConfig known = config.withVocabulary(tokenizer().vocabulary());
        return ClipModel.random(known, backend, key.fold("model").random());
    }

    /** A trainer of a fresh model. */
    public Trainer trainer(Backend backend, TrainingListener listener) {
        return trainer(model(backend), listener);
    }

    /** A trainer of a model. */
    public Trainer trainer(ClipModel model, TrainingListener listener) {
        return new Trainer(model, augmentation(), training, key, listener);
    }

    /** Trains all epochs of a method. */
    public static void train(TrainingMethod method, Trainer trainer) {
        method.train(new EpochLoop(0, trainer::stopped, trainer.listener()));
    }
}
