package org.safeclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.safeclip.reference.ReleaseLearningRates;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.LrScheduler;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** The rates of SafeCLIP's passes with 1,000 pairs, batches of 100, 5 + 1 + 6 epochs and a rise over 5 steps. */
class LearningRatesTest {
    private static final SafeClipSettings SETTINGS = Settings.with(
            SafeClipSettings.defaults(),
            Map.of(
                    "warmupEpochs",
                    5,
                    "mixedEpochs",
                    6,
                    "mixedWarmupSteps",
                    5,
                    "warmupLearningRate",
                    5e-4,
                    "riskyLearningRate",
                    5e-4,
                    "safeLearningRate",
                    5e-4,
                    "growth",
                    0.01,
                    "safeSteps",
                    0));
    private static final double[][] RELEASED_WARM_UP = {
        {4.898732e-4, 4.242344e-4},
        {4.137152e-4, 2.996476e-4},
        {2.855787e-4, 1.592981e-4},
        {1.461462e-4, 4.774575e-5},
        {3.968662e-5, 4.077240e-7}
    };

    @Test
    void referenceCountsAsTheReleaseDoes() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            LearningRates rates = new ReleaseLearningRates(SETTINGS, trainer(backend, 5));
            for (int epoch = 1; epoch <= 5; epoch++) {
                List<Double> warmup = rates(rates.warmup(epoch), 10);
                assertThat(warmup.getFirst()).isCloseTo(RELEASED_WARM_UP[epoch - 1][0], within(5e-10));
                assertThat(warmup.getLast()).isCloseTo(RELEASED_WARM_UP[epoch - 1][1], within(5e-10));
            }
            rates.planMixed(0.2);
            List<Double> risky = rates(rates.risky(7, 800), 8);
            assertThat(risky.getFirst()).isCloseTo(5.000000e-4, within(5e-10));
            assertThat(risky.getLast()).isCloseTo(3.744572e-5, within(5e-10));
            List<Double> safe = rates(rates.safe(7), 2);
            assertThat(safe.getFirst()).isCloseTo(4.256725e-6, within(5e-10));
            assertThat(safe.getLast()).isCloseTo(3.744572e-5, within(5e-10));
            List<Double> last = rates(rates.safe(12), 2);
            assertThat(last.getFirst()).isCloseTo(4.347522e-4, within(5e-10));
            assertThat(last.getLast()).isCloseTo(3.614346e-4, within(5e-10));
        }
    }

    @Test
    void fixedEndsEveryCosineWithItsPasses() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            LearningRates rates = new LearningRates(SETTINGS, trainer(backend, 5));
            List<Double> warmup = rates(rates.warmup(1), 51);
            assertThat(warmup.get(4)).isEqualTo(5e-4);
            assertThat(warmup.get(49)).isPositive();
            assertThat(warmup.get(50)).isZero();
            rates.planMixed(0.2);
            // 20, 21, ... 25 % of 1,000 pairs make 2 whole batches an epoch, and the rest 8 down to 7
            List<Double> safe = rates(rates.safe(7), 13);
            assertThat(safe.get(11)).isPositive();
            assertThat(safe.get(12)).isZero();
            int steps = 8 + 7 + 7 + 7 + 7 + 7;
            List<Double> risky = rates(rates.risky(7, 800), steps + 1);
            assertThat(risky.get(steps - 1)).isPositive();
            assertThat(risky.get(steps)).isZero();
        }
    }

    @Test
    void aRiseThatDoesNotFitIsCutAndToldOf() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            LearningRates rates = new LearningRates(SETTINGS, trainer(backend, 50));
            assertThat(rates(rates.warmup(1), 6).get(4)).isEqualTo(5e-4);
            assertThat(rates.remarks()).singleElement().asString().contains("warmupSteps is 50", "only 50 steps");
        }
    }

    private static Trainer trainer(Backend backend, int warmupSteps) {
        return TestPairs.of(1000)
                .trainedWith("batchSize", 100)
                .trainedWith("warmupSteps", warmupSteps)
                .trainer(backend, TrainingListener.NONE);
    }

    private static List<Double> rates(LrScheduler scheduler, int steps) {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            rates.add(scheduler.next());
        }
        return rates;
    }

    @Test
    void theMixedEpochsNeedAPlan() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            LearningRates rates = new LearningRates(SETTINGS, trainer(backend, 5));
            assertThatThrownBy(() -> rates.safe(7))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call planMixed first");
        }
    }
}
