package org.safeclip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Augmentation;
import org.safeclip.data.AugmentationSettings;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainerSettings;

/** SafeCLIP as a library: pairs of one's own, the default model, no experiment around it. */
class SafeClipOnADozenPairsTest {
    private static final SafeClipSettings SETTINGS = Settings.with(
            SafeClipSettings.defaults(), Map.of("warmupEpochs", 1, "mixedEpochs", 4, "safeSteps", 0, "growth", 0.25));
    private static final PairSet PAIRS = pairs();

    private static PairSet pairs() {
        SplittableRandom random = new SplittableRandom(2);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            byte[] image = new byte[32 * 32 * 3];
            random.nextBytes(image);
            pairs.add(new Pair(image, "noise number " + i));
        }
        return PairSet.of(32, pairs);
    }

    private static RecordingListener train(Backend backend, long seed) {
        RandomKey key = RandomKey.of(seed);
        Tokenizer tokenizer = Tokenizer.learn(PAIRS.captions(), 600);
        ClipConfig config = ClipConfig.defaults().withVocabulary(tokenizer.vocabulary());
        ClipModel model = ClipModel.random(config, backend, key.fold("model").random());
        Augmentation augmentation = Augmentation.of(
                PAIRS,
                AugmentationSettings.defaults(),
                config.imageSize(),
                tokenizer,
                config.text().context(),
                key);
        TrainerSettings training = Settings.with(TrainerSettings.defaults(), "batchSize", 4);
        RecordingListener heard = new RecordingListener();
        Trainer trainer = new Trainer(model, augmentation, training, key, heard);
        SafeClip safeClip = new SafeClip(SETTINGS, trainer);
        safeClip.train(new EpochLoop(trainer));
        assertThat(safeClip.split()).isSameAs(heard.splits.getLast());
        return heard;
    }

    @Test
    void itsPhasesFollowEachOther() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = train(backend, 1);
            assertThat(heard.phases()).containsExactly("warm-up", "slow", "mixed", "mixed", "mixed", "mixed");
            assertThat(heard.passes()).startsWith("1 in-modal 3", "2 cross-modal 3");
            assertThat(heard.steps).extracting(step -> step.epoch()).isSorted();
        }
    }

    @Test
    void theListenerSeesEverySplitAndEachIsAPartition() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener heard = train(backend, 1);
            assertThat(heard.splitEpochs).containsExactly(3, 4, 5, 6);
            for (SafeSplit split : heard.splits) {
                int[] all = IntStream.concat(IntStream.of(split.safe()), IntStream.of(split.risky()))
                        .sorted()
                        .toArray();
                assertThat(all).containsExactly(IntStream.range(0, 12).toArray());
            }
            assertThat(heard.scores)
                    .allSatisfy(scores -> assertThat(scores.pairs()).isEqualTo(12));
        }
    }

    @Test
    void theSameSeedGivesTheSameTraining() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            RecordingListener one = train(backend, 1);
            RecordingListener again = train(backend, 1);
            assertThat(again.steps).isEqualTo(one.steps);
            for (int i = 0; i < one.splits.size(); i++) {
                assertThat(again.splits.get(i).safe())
                        .isEqualTo(one.splits.get(i).safe());
            }
            assertThat(train(backend, 2).steps).isNotEqualTo(one.steps);
        }
    }
}
