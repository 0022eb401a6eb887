package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.safeclip.nn.io.DType;
import org.safeclip.nn.io.SafeTensors;
import org.safeclip.tensor.backend.Backend;

/** Trains as the commands do and reads the files written. */
public final class TestRun {
    private TestRun() {}

    /** Simulates a power cut. */
    public static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Simulates a power cut at step 2 of an epoch; never for epoch 0. */
    public record CutAt(int epoch) implements RunListener {
        @Override
        public void stepped(Step step) {
            if (step.epoch() == epoch && step.number() == 2) {
                throw new PowerCut();
            }
        }
    }

    /** Trains a method of this program; returns its epochs. */
    public static int train(Experiment experiment, String method, Backend backend, Path folder, RunListener listener)
            throws IOException {
        return train(experiment, MethodCatalogue.STANDARD.named(method), backend, folder, listener);
    }

    /** Simulates a power cut after a number of steps. */
    public static final class CutAfter implements RunListener {
        private int left;

        public CutAfter(int steps) {
            left = steps;
        }

        @Override
        public void stepped(Step step) {
            if (left-- == 0) {
                throw new PowerCut();
            }
        }
    }

    /** Trains from the start or from the checkpoint in the folder; returns the epochs of the method. */
    public static int train(
            Experiment experiment, MethodCatalogue.Entry method, Backend backend, Path folder, RunListener listener)
            throws IOException {
        return train(experiment, method, backend, folder, listener, CheckpointInterval.parse("0"));
    }

    /** Trains and saves the state as often as wanted. */
    static int train(
            Experiment experiment,
            MethodCatalogue.Entry method,
            Backend backend,
            Path folder,
            RunListener listener,
            CheckpointInterval interval)
            throws IOException {
        return train(experiment, method, backend, folder, listener, interval, new StopRequest());
    }

    /** Trains until the end or the request to stop. */
    static int train(
            Experiment experiment,
            MethodCatalogue.Entry method,
            Backend backend,
            Path folder,
            RunListener listener,
            CheckpointInterval interval,
            StopRequest stop)
            throws IOException {
        Path checkpoint = checkpoint(folder);
        RunIdentity.refuseOther(checkpoint, experiment, method);
        long keep = CheckpointFiles.metricsBytes(checkpoint);
        try (Metrics metrics = Metrics.open(folder.resolve("metrics.jsonl"), keep)) {
            TrainingRun run = new TrainingRun(experiment, method, backend, checkpoint, metrics, listener);
            run.saveEvery(interval);
            run.stopOn(stop);
            run.resumeIfSaved();
            run.run();
            return run.method().epochs();
        }
    }

    public static Path checkpoint(Path folder) {
        return folder.resolve("model.safetensors");
    }

    /** The metrics without their times. */
    public static List<String> metrics(Path folder) throws IOException {
        return Files.readString(folder.resolve("metrics.jsonl"))
                .lines()
                .map(line -> line.replaceAll("(?i)(seconds\":)[-+.0-9e]+", "$10"))
                .toList();
    }

    /** The content of the checkpoint without times: weights, moments, pools, split, counts. */
    public static Map<String, String> tensors(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (SafeTensors file = SafeTensors.open(checkpoint(folder))) {
            content.putAll(file.metadata());
            content.remove("seconds");
            content.remove("safeclip.sha256"); // of the times, too
            content.remove("metricsBytes"); // depends on the number of digits of the times
            for (String name : file.names()) {
                String numbers = file.dtype(name) == DType.I32
                        ? Arrays.toString(file.ints(name))
                        : Arrays.toString(file.floats(name));
                content.put("tensor " + name, file.shape(name) + numbers);
            }
        }
        return content;
    }
}
