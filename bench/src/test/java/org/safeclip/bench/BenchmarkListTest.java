package org.safeclip.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.tensor.backend.BackendUnavailable;

class BenchmarkListTest {
    @Test
    void theAnnotationProcessorHasListedEveryBenchmark() throws IOException {
        try (InputStream list = KernelBench.class.getResourceAsStream("/META-INF/BenchmarkList");
                Stream<Path> files = Files.list(Path.of("src/main/java/org/safeclip/bench"))) {
            assertThat(list)
                    .as("META-INF/BenchmarkList, written by JMH's annotation processor")
                    .isNotNull();
            String listed = new String(list.readAllBytes(), StandardCharsets.UTF_8);
            List<String> classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Bench.java") && !name.equals("KernelBench.java"))
                    .map(name -> "org.safeclip.bench." + name.replace(".java", ""))
                    .toList();
            assertThat(classes)
                    .hasSizeGreaterThan(8)
                    .allSatisfy(name -> assertThat(listed).contains(name + " "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void aBackendProvesItsAnswerBeforeItIsTimed(String backend) {
        LayoutBench bench = new LayoutBench();
        bench.backend = backend;
        bench.open();
        bench.run();
        bench.close();
    }

    @Test
    void aBackendThatCannotOpenIsSkippedWithTheReason() {
        LayoutBench bench = new LayoutBench();
        bench.backend = "abacus";
        assertThatThrownBy(bench::open).hasMessageStartingWith("skipped, abacus: no backend named 'abacus'");
        bench.close();
    }

    @Test
    void theStepLearnsAndGivesTheScalarLossBeforeItIsTimed() throws BackendUnavailable {
        TrainStep.proved(StepModel.SMALL, "simd").close();
    }

    @Test
    void aStepThatDoesNotLearnIsNotTimed() {
        assertThatThrownBy(() -> TrainStep.requireFall(5, Float.NaN)).hasMessageContaining("not timed");
    }

    @Test
    void aWrongAnswerIsNotTimed() {
        assertThatThrownBy(() -> Agreement.require("matmul", new float[] {1, 2}, new float[] {1, Float.NaN}))
                .hasMessageContaining("matmul: number 1");
        assertThatThrownBy(() -> Agreement.requireNear("mean", 0.1, Double.NaN, 0.01))
                .hasMessageContaining("mean is");
    }
}
