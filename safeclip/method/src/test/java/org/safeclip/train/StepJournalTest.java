package org.safeclip.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

class StepJournalTest {
    private final List<TrainingListener.Step> heard = new ArrayList<>();
    private final TrainingListener listener = new TrainingListener() {
        @Override
        public void stepped(Step step) {
            heard.add(step);
        }
    };

    @Test
    void everyStepIsReportedInOrderWithItsOwnNumbers() throws BackendUnavailable {
        try (Backend backend = Backends.open("scalar")) {
            StepJournal journal = new StepJournal(backend, listener);
            for (int i = 1; i <= 75; i++) {
                add(journal, backend, i, i + 0.5f);
                journal.reportNowAndThen();
            }
            assertThat(heard).hasSizeGreaterThanOrEqualTo(64); // two full pages
            journal.report();
            assertThat(heard)
                    .extracting(TrainingListener.Step::taken)
                    .isSorted()
                    .hasSize(75);
            assertThat(heard).allSatisfy(step -> {
                assertThat(step.loss()).isEqualTo(step.taken() + 0.5f);
                assertThat(step.scale()).isEqualTo(Math.exp((float) (step.taken() / 100.0)));
            });
        }
    }

    @Test
    void aLossThatIsNotFiniteIsFoundWithItsStep() throws BackendUnavailable {
        try (Backend backend = Backends.open("scalar")) {
            StepJournal journal = new StepJournal(backend, listener);
            add(journal, backend, 1, 1);
            add(journal, backend, 2, Float.NaN);
            add(journal, backend, 3, Float.NaN);
            assertThatThrownBy(journal::report)
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("NaN at step 2");
            assertThat(heard).extracting(TrainingListener.Step::taken).containsExactly(1L);
        }
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static void add(StepJournal journal, Backend backend, long taken, float loss) {
        try (Scope scope = backend.scope()) { // as in a step, whose arrays are gone before they are reported
            TrainingListener.Step step =
                    new TrainingListener.Step("test", 1, (int) taken, 75, 8, taken, 1e-3, Float.NaN, Double.NaN);
            NdArray logScale = NdArray.full(backend, Shape.of(), (float) (taken / 100.0));
            journal.add(step, NdArray.full(backend, Shape.of(), loss), logScale);
        }
    }
}
