package org.safeclip.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.safeclip.SafeClip;
import org.safeclip.SafeClipSettings;
import org.safeclip.data.Augmentation;
import org.safeclip.data.AugmentationSettings;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.PairStore;
import org.safeclip.experiments.dataset.UserDataset;
import org.safeclip.experiments.source.Source;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.TextConfig;
import org.safeclip.model.VisionConfig;
import org.safeclip.selection.Agreement;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.selection.ComputeTime;
import org.safeclip.selection.PairFeatures;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainerSettings;
import org.safeclip.train.TrainingListener;
import org.safeclip.train.TrainingPhase;

/**
 * Time and memory by the number of pairs: makes a set of tiny images in a format, reads it, and scores all pairs and fits the
 * mixture, ranks them by agreement, or trains one epoch of each phase of SafeCLIP. The model is the smallest there can be, so that
 * what is measured is the data's way through the program. One row is printed: time on the clock and of the processor, and the heap
 * that is left after a collection.
 *
 * <pre>java -Xmx2g ... org.safeclip.bench.Scale PAIRS wds|csv score|rank|train FOLDER</pre>
 */
public final class Scale {
    private static final int SIDE = 8;
    private static final int BATCH = 512;
    private static final RandomKey KEY = RandomKey.of(10);

    private ComputeTime start = ComputeTime.now();
    private final StringBuilder row = new StringBuilder();

    private Scale() {}

    /** Runs one measurement. */
    public static void main(String[] arguments) throws Exception {
        int pairs = Integer.parseInt(arguments[0]);
        String format = arguments[1];
        Path folder = Files.createDirectories(Path.of(arguments[3]));
        Path data = folder.resolve(format + "-" + pairs);
        if (!Files.exists(data)) {
            TinyPairs.write(data, format, pairs);
        }
        new Scale().measure(data, folder.resolve("cache"), arguments[2]);
    }

    private void measure(Path data, Path cache, String what) throws IOException, BackendUnavailable {
        UserDataset.Options options = new UserDataset.Options(SIDE, List.of(), 0.001, 0);
        PairStore store = new PairStore(0, cache);
        read(data, options, store); // makes the cache
        lap("first reading");
        Dataset dataset = read(data, options, store);
        lap("reading again");
        PairSet pairs = dataset.train();
        row.insert(0, String.format(Locale.ROOT, "%,d pairs", pairs.size()));
        Tokenizer tokenizer = Tokenizer.learn(pairs.captions(), 600);
        lap("vocabulary");
        ClipConfig config = config().withVocabulary(tokenizer.vocabulary());
        Augmentation augmentation = Augmentation.of(
                pairs,
                AugmentationSettings.defaults(),
                SIDE,
                tokenizer,
                config.text().context(),
                KEY);
        try (Backend backend = Backends.open("simd")) {
            ClipModel model =
                    ClipModel.random(config, backend, KEY.fold("model").random());
            switch (what) {
                case "score" -> {
                    PairScores scores = PairScores.of(model, augmentation, 1, ScoringSettings.defaults());
                    lap("scoring and mixture");
                    SafeSplit split = SafeSplit.of(new int[0], pairs.size(), 0).nextMostSimilar(scores, 0.2, 1);
                    lap("split (" + split.safe().length + " safe)");
                }
                case "rank" -> {
                    PairFeatures features = PairFeatures.plain(pairs, KEY.fold("words"));
                    lap("features");
                    Agreement.of(features, AgreementSettings.defaults(), backend, KEY);
                    lap("agreement");
                }
                case "train" -> train(model, augmentation);
                default -> throw new IllegalArgumentException("score, rank or train, not " + what);
            }
        }
        System.out.println(row);
    }

    private static Dataset read(Path data, UserDataset.Options options, PairStore store) throws IOException {
        Source source = SourceCatalogue.STANDARD.open(data.toString());
        return UserDataset.read(
                source, options, store, _ -> new BitSet(), KEY.fold("held out").random());
    }

    private void train(ClipModel model, Augmentation augmentation) {
        TrainerSettings training = Settings.with(TrainerSettings.defaults(), "batchSize", BATCH);
        SafeClipSettings settings = Settings.with(
                SafeClipSettings.defaults(),
                Map.of("warmupEpochs", 1, "slowEpochs", 1, "mixedEpochs", 1, "safeSteps", 0));
        Trainer trainer = new Trainer(model, augmentation, training, KEY, new TrainingListener() {
            @Override
            public void split(int epoch, PairScores scores, SafeSplit split) {
                lap("scoring, mixture, split");
            }

            @Override
            public void epochEnded(int epoch, TrainingPhase phase) {
                lap(phase.label());
            }
        });
        new SafeClip(settings, trainer).train(new EpochLoop(trainer));
    }

    /** A transformer with one patch for an image, and one for the caption. */
    private static ClipConfig config() {
        VisionConfig vision = Settings.with(
                Settings.defaults(VisionConfig.class),
                Map.of("stem", List.of(), "patch", SIDE, "width", 16, "layers", 1, "heads", 1));
        TextConfig text = Settings.with(
                Settings.defaults(TextConfig.class), Map.of("context", 8, "width", 16, "layers", 1, "heads", 1));
        return Settings.with(
                ClipConfig.defaults(), Map.of("imageSize", SIDE, "embedding", 16, "vision", vision, "text", text));
    }

    private void lap(String what) {
        ComputeTime took = ComputeTime.now().since(start);
        System.gc();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        row.append(String.format(
                Locale.ROOT, "; %s %.1f s (CPU %.1f s), %d MiB", what, took.wall(), took.cpu(), used >> 20));
        start = ComputeTime.now();
    }
}
