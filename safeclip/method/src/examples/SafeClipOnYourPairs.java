// SafeCLIP trains on image-caption pairs in memory, a tenth of them mislabelled. After `mvn package -DskipTests`, run it from the
// root of the repository:
//   java -p safeclip/experiments/target/lib --add-modules org.safeclip safeclip/method/src/examples/SafeClipOnYourPairs.java
// or on the class path, where the vector instructions have to be asked for:
//   java -cp 'safeclip/experiments/target/lib/*' --add-modules jdk.incubator.vector \
//       safeclip/method/src/examples/SafeClipOnYourPairs.java

import org.safeclip.SafeClip;
import org.safeclip.SafeClipSettings;
import org.safeclip.data.Augmentation;
import org.safeclip.data.AugmentationSettings;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainerSettings;
import org.safeclip.train.TrainingListener;

static final List<String> COLOURS = List.of("black", "blue", "green", "cyan", "red", "magenta", "yellow", "white");
static final int PAIRS = 100;
static final int MISLABELLED = 10; // the first ones

void main() throws Exception {
    RandomKey key = RandomKey.of(1);
    PairSet pairs = pairs(key.fold("pairs").random());
    Tokenizer tokenizer = Tokenizer.learn(pairs.captions(), 600);
    ClipConfig config = ClipConfig.defaults().withVocabulary(tokenizer.vocabulary());
    Augmentation augmentation = Augmentation.of(
            pairs, AugmentationSettings.defaults(), config.imageSize(), tokenizer, config.text().context(), key);
    TrainerSettings training = Settings.with(TrainerSettings.defaults(), "batchSize", 20);
    SafeClipSettings settings = Settings.with(
            SafeClipSettings.defaults(), Map.of("warmupEpochs", 1, "slowEpochs", 2, "mixedEpochs", 3, "safeSteps", 0));
    TrainingListener report = new TrainingListener() {
        @Override
        public void split(int epoch, PairScores scores, SafeSplit split) {
            long wrong = Arrays.stream(split.safe()).filter(pair -> pair < MISLABELLED).count();
            IO.println("epoch %d: %d safe pairs, %d of them mislabelled".formatted(epoch, split.safe().length, wrong));
        }
    };
    try (Backend backend = Backends.best()) {
        ClipModel model = ClipModel.random(config, backend, key.fold("model").random());
        Trainer trainer = new Trainer(model, augmentation, training, key, report);
        new SafeClip(settings, trainer).train(new EpochLoop(trainer));
    }
}

/** Noisy images of one colour each, and captions that name it or another. */
PairSet pairs(RandomGenerator random) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
        int colour = random.nextInt(8); // its bits are red, green and blue
        byte[] image = new byte[32 * 32 * 3]; // 8-bit RGB, row by row
        for (int at = 0; at < image.length; at++) {
            int bit = colour >> 2 - at % 3 & 1;
            image[at] = (byte) (160 * bit + random.nextInt(96));
        }
        int named = i < MISLABELLED ? (colour + random.nextInt(1, 8)) % 8 : colour;
        pairs.add(new Pair(image, "a " + COLOURS.get(named) + " square"));
    }
    return PairSet.of(32, pairs);
}
