package org.safeclip.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.TestPairs;
import org.safeclip.loss.CrossModal;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.selection.Similarities;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.check.ForwardingBackend;

/** Which precision is requested, and where: the setting's in a step, float32 where pairs are scored. */
class PrecisionTest {
    private static final int PAIRS = 40;

    @Test
    void stepsHaveThePrecisionOfTheSettings() throws Exception {
        for (Precision precision : Precision.values()) {
            try (Listening backend = new Listening(Backends.open("simd"), new ArrayList<>())) {
                Trainer trainer =
                        TestPairs.of(PAIRS).trainedWith("precision", precision).trainer(backend, TrainingListener.NONE);
                backend.asked().clear();
                trainer.pass(1, new CrossModal(1), trainer.allPairs(), new LrScheduler(Schedule.constant(1e-3)));
                assertThat(backend.asked()).isNotEmpty().containsOnly(precision);
            }
        }
    }

    @Test
    void pairsAreScoredInFloat32() throws Exception {
        try (Listening backend = new Listening(Backends.open("simd"), new ArrayList<>())) {
            TestPairs pairs = TestPairs.of(PAIRS).trainedWith("precision", Precision.BFLOAT16);
            Similarities.ofPlainPairs(pairs.model(backend), pairs.augmentation());
            assertThat(backend.asked()).isNotEmpty().containsOnly(Precision.FLOAT32);
        }
    }

    @Test
    void processorsComputeInFloat32() throws Exception {
        for (String name : List.of("scalar", "simd")) {
            try (Backend backend = Backends.open(name)) {
                assertThat(Precision.values())
                        .allSatisfy(
                                wanted -> assertThat(backend.products(wanted)).isEqualTo(Precision.FLOAT32));
            }
        }
    }

    /** A backend that notes the precision of every scope. */
    private record Listening(Backend backend, List<Precision> asked) implements ForwardingBackend {
        @Override
        public Scope scope(Precision precision) {
            asked.add(precision);
            return backend.scope(precision);
        }
    }
}
