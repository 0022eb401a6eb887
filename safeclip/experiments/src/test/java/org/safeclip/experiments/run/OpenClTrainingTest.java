package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.check.BackendChecks;

/** Training on an OpenCL device: losses as on the CPU, reproducible bits, and a checkpoint after the device is lost. */
class OpenClTrainingTest {
    private static final Pattern LOSS = Pattern.compile("\"loss\":([-+.0-9eE]+)");

    @TempDir
    private Path folder;

    private static Backend opencl() {
        try {
            return Backends.open("opencl");
        } catch (BackendUnavailable e) {
            boolean required = System.getProperty(BackendChecks.REQUIRE, "").contains("opencl");
            Assumptions.assumeTrue(required, "opencl skipped: " + e.getMessage());
            throw new AssertionError("opencl is required and cannot open", e);
        }
    }

    @Test
    void firstTenLossesOfTheDemoEqualThoseOfTheCpu() throws Exception {
        ExperimentConfig config = ConfigFile.preset(
                "tiny", List.of("training.maxSteps=10", "training.batchSize=16", "evaluation.every=0"));
        Experiment experiment = Experiment.of(config, List.of("targeted"));
        List<Double> device;
        List<Double> again;
        List<Double> processor;
        try (Backend backend = opencl()) {
            device = losses(experiment, backend, "device");
            again = losses(experiment, backend, "again");
        }
        try (Backend backend = Backends.open("simd")) {
            processor = losses(experiment, backend, "processor");
        }
        assertThat(device).hasSize(10).isEqualTo(again);
        for (int i = 0; i < 10; i++) {
            assertThat(device.get(i))
                    .as("loss of step " + (i + 1))
                    .isCloseTo(processor.get(i), within(1e-4 * Math.abs(processor.get(i))));
        }
    }

    @Test
    void aLostDeviceEndsTheRunAndKeepsTheLastCheckpoint() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), 43);
        Path straight = Files.createDirectory(folder.resolve("straight"));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        try (Backend backend = opencl()) {
            train(experiment, backend, straight, null);
        }
        try (Backend backend = opencl()) {
            assertThatThrownBy(() -> train(experiment, backend, broken, backend))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("the device .* is closed");
        }
        assertThat(broken.resolve("model.safetensors")).exists();
        try (Backend backend = opencl()) {
            train(experiment, backend, broken, null);
        }
        assertThat(lossesIn(broken)).isEqualTo(lossesIn(straight)).isNotEmpty();
    }

    private List<Double> losses(Experiment experiment, Backend backend, String name) throws IOException {
        Path run = Files.createDirectory(folder.resolve(name));
        train(experiment, backend, run, null);
        return lossesIn(run);
    }

    private static List<Double> lossesIn(Path run) throws IOException {
        List<Double> losses = new ArrayList<>();
        Matcher loss = LOSS.matcher(Files.readString(run.resolve("metrics.jsonl")));
        while (loss.find()) {
            losses.add(Double.valueOf(loss.group(1)));
        }
        return losses;
    }

    private static void train(Experiment experiment, Backend backend, Path folder, Backend lost) throws IOException {
        TestRun.train(experiment, "clip", backend, folder, new Loss(lost));
    }

    /** Simulates a lost device in the second epoch: every later call fails. */
    private record Loss(Backend lost) implements RunListener {
        @Override
        public void stepped(Step step) {
            if (lost != null && step.epoch() == 2 && step.number() == 1) {
                lost.close();
            }
        }
    }
}
