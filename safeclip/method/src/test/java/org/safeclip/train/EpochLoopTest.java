package org.safeclip.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.RecordingListener;

/** Every epoch is given once, in its phase and in order, wherever the training starts and ends. */
class EpochLoopTest {
    private static final List<String> WHOLE =
            List.of("1 warm-up", "2 warm-up", "3 slow", "4 mixed", "5 mixed", "6 mixed");
    private final RecordingListener listener = new RecordingListener();

    /** A method of 2 + 1 + 3 epochs; what it trains is what it was given. */
    private static List<String> train(EpochLoop epochs) {
        List<String> trained = new ArrayList<>();
        for (int epoch : epochs.phase(TrainingPhase.WARM_UP, 2)) {
            trained.add(epoch + " warm-up");
        }
        for (int epoch : epochs.phase(TrainingPhase.SLOW, 1)) {
            trained.add(epoch + " slow");
        }
        for (int epoch : epochs.phase(TrainingPhase.MIXED, 3)) {
            trained.add(epoch + " mixed");
        }
        return trained;
    }

    @Test
    void thePhasesComeInOrderAndEpochsAreCountedOverAll() {
        EpochLoop epochs = new EpochLoop(0, () -> false, listener);
        assertThat(epochs.trained()).isZero();
        assertThat(train(epochs)).isEqualTo(WHOLE);
        assertThat(epochs.trained()).isEqualTo(6);
    }

    @Test
    void theListenerHearsOfEveryStartAndEndInTurn() {
        train(new EpochLoop(0, () -> false, listener));
        assertThat(listener.epochs)
                .isEqualTo(WHOLE.stream()
                        .flatMap(epoch -> List.of("start " + epoch, "end " + epoch).stream())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void whoResumesTrainsTheRest(int before) {
        EpochLoop epochs = new EpochLoop(before, () -> false, listener);
        assertThat(train(epochs)).isEqualTo(WHOLE.subList(before, 6));
        assertThat(epochs.trained()).isEqualTo(6);
        assertThat(listener.epochs).hasSize(2 * (6 - before));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void whoIsStoppedEndsTheEpochAndStartsNoOther(int stop) {
        EpochLoop epochs = new EpochLoop(0, () -> listener.phases().size() == stop, listener);
        assertThat(train(epochs)).isEqualTo(WHOLE.subList(0, stop));
        assertThat(epochs.trained()).isEqualTo(stop);
        assertThat(listener.epochs).hasSize(2 * stop);
    }

    @Test
    void anEpochCountsAsTrainedOnceItHasEnded() {
        EpochLoop epochs = new EpochLoop(0, () -> false, TrainingListener.NONE);
        List<Integer> during = new ArrayList<>();
        for (int epoch : epochs.phase(TrainingPhase.TRAIN, 3)) {
            assertThat(epochs.trained()).isEqualTo(epoch - 1);
            during.add(epoch);
        }
        assertThat(during).containsExactly(1, 2, 3);
        assertThat(epochs.trained()).isEqualTo(3);
    }

    @Test
    void anEmptyPhaseGivesNothingAndMovesNothing() {
        EpochLoop epochs = new EpochLoop(0, () -> false, listener);
        assertThat(epochs.phase(TrainingPhase.WARM_UP, 0)).isEmpty();
        assertThat(epochs.phase(TrainingPhase.TRAIN, 2)).containsExactly(1, 2);
        assertThat(listener.phases()).containsExactly("train", "train");
    }

    @Test
    void alternatingPhasesOfOneEpochResumeToo() {
        EpochLoop epochs = new EpochLoop(3, () -> false, listener);
        IntStream.rangeClosed(1, 5).forEach(i -> {
            TrainingPhase phase = i % 2 == 0 ? TrainingPhase.POOL : TrainingPhase.TRAIN;
            epochs.phase(phase, 1).forEach(epoch -> assertThat(epoch).isEqualTo(i));
        });
        assertThat(listener.phases()).containsExactly("pool", "train");
    }

    @Test
    void nothingComesAfterTheLastEpoch() {
        Iterator<Integer> epochs = new EpochLoop(0, () -> false, listener)
                .phase(TrainingPhase.SLOW, 1)
                .iterator();
        assertThat(epochs.next()).isEqualTo(1);
        assertThatThrownBy(epochs::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("no epoch is left in the phase slow");
    }
}
