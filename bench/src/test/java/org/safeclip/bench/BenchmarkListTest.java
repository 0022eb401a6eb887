package org.safeclip.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.tensor.backend.BackendUnavailable;

class BenchmarkListTest {
    @Test
    void theAnnotationProcessorHasListedEveryBenchmark() throws IOException {
        try (InputStream list = KernelsBench.class.getResourceAsStream("/META-INF/BenchmarkList")) {
            assertThat(list)
                    .as("META-INF/BenchmarkList, written by JMH's annotation processor")
                    .isNotNull();
            assertThat(new String(list.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("org.safeclip.bench.KernelsBench", "matmul", "softmax", "layerNorm")
                    .contains("org.safeclip.bench.TrainStepBench");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void eachBackendProvesItsAnswersBeforeItIsTimed(String backend) throws BackendUnavailable {
        KernelsBench bench = new KernelsBench();
        bench.backend = backend;
        bench.open();
        bench.close();
    }

    @Test
    void theStepLearnsAndGivesTheScalarLossBeforeItIsTimed() throws BackendUnavailable {
        TrainStep.proved("simd").close();
    }

    @Test
    void aStepThatDoesNotLearnIsNotTimed() {
        assertThatThrownBy(() -> TrainStep.requireFall(5, Float.NaN)).hasMessageContaining("not timed");
    }

    @Test
    void aWrongAnswerIsNotTimed() {
        assertThatThrownBy(() -> Agreement.require("matmul", new float[] {1, 2}, new float[] {1, Float.NaN}))
                .hasMessageContaining("matmul: number 1");
    }
}
