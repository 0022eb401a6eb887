package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.MethodState;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.report.Samples;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.train.EpochLoop;
import org.safeclip.train.TrainingListener.Step;
import org.safeclip.train.TrainingPhase;

class ProgressTest {
    @ParameterizedTest
    @ValueSource(ints = {20, 40, 80, 200})
    void noLineIsWiderThanTheTerminal(int width) {
        String shown = shown(new Terminal(true, () -> width));

        assertThat(shown).contains("\r\u001b[K", "safeclip 3/4 mixed");
        for (String line : shown.split("\r\u001b\\[K|\n", -1)) {
            assertThat(line.length()).as(line).isLessThanOrEqualTo(width);
        }
    }

    @Test
    void aPipeGetsOnePlainLinePerEpoch() {
        List<String> lines = shown(Terminal.none()).lines().toList();

        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\r", "\u001b"));
        assertThat(lines.stream().filter(line -> line.contains("mixed"))).hasSize(2);
        assertThat(lines.stream().filter(line -> line.contains("3/4")).findFirst())
                .hasValueSatisfying(line -> assertThat(line)
                        .containsPattern("3/4  mixed +2\\.500 +\\d+\\.\\d% +\\d+ +10\\.0% +44\\.0% +1/16 +\\d"));
    }

    @Test
    void aResumedRunSaysWhereItGoesOn() {
        StringWriter text = new StringWriter();
        try (Progress progress = new Progress(new PrintWriter(text), Terminal.none(), workload(2))) {
            progress.started(new FourEpochs(), 2, List.of());
            progress.finished();
            progress.started(new FourEpochs(), 4, List.of("not shown"));
        }
        assertThat(text.toString())
                .contains("SafeCLIP, 4 epochs, continues with epoch 3", "SafeCLIP, 4 epochs, all trained before")
                .doesNotContain("not shown");
    }

    /** Two mixed epochs, 3 and 4, of a run of four. */
    private static String shown(Terminal terminal) {
        StringWriter text = new StringWriter();
        try (Progress progress = new Progress(new PrintWriter(text), terminal, workload(1))) {
            RunListener listener = progress;
            listener.started(new FourEpochs(), 2, List.of("a remark of many words ".repeat(10)));
            for (int epoch = 3; epoch <= 4; epoch++) {
                listener.epochStarted(epoch, TrainingPhase.MIXED);
                listener.diagnosed(Samples.split(epoch, true));
                for (int step = 1; step <= 60; step++) {
                    listener.stepped(new Step("cross-modal", epoch, step, 60, 128, step, 1e-3, 2.5f, 14));
                }
                listener.epochEnded(epoch, TrainingPhase.MIXED);
                listener.evaluated(new EvaluationEvent("safeclip", epoch, Samples.scores(10, 1)));
            }
            listener.finished();
        }
        return text.toString();
    }

    private static List<Workload> workload(int runs) {
        Map<String, Double> epoch = Map.of(Workload.CROSS_MODAL, 60.0);
        return Collections.nCopies(runs, new Workload(List.of(epoch, epoch, epoch, epoch)));
    }

    private static final class FourEpochs implements TrainingMethod {
        @Override
        public String name() {
            return "safeclip";
        }

        @Override
        public int epochs() {
            return 4;
        }

        @Override
        public List<String> plan() {
            return List.of();
        }

        @Override
        public void train(EpochLoop epochs) {
            throw new UnsupportedOperationException("this test needs only the name");
        }

        @Override
        public void save(MethodState state) {
            throw new UnsupportedOperationException("this test needs only the name");
        }

        @Override
        public void restore(MethodState state) {
            throw new UnsupportedOperationException("this test needs only the name");
        }
    }
}
