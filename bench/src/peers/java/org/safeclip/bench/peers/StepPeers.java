package org.safeclip.bench.peers;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.safeclip.bench.Contender;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.PairedStepBenchmark;
import org.safeclip.bench.StepModel;
import org.safeclip.bench.Stopwatch;
import org.safeclip.bench.TrainStep;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Family {@code step}: the training step, images a second; thread CPU time for one thread, the clock for more. */
final class StepPeers {
    private static final List<StepModel> MODELS = List.of(StepModel.TINY, StepModel.SMALL, StepModel.BASE);
    private static final int SMALL_ROUNDS = 11;
    private static final int BASE_ROUNDS = 5;
    private static final int FRESH_WARM_UP = 12; // of a new process, whose compiler competes with its second thread

    private StepPeers() {}

    /** Against libtorch in this process and PyTorch in another, with as many threads as this process was given. */
    static void run(Torch torch, String python, Path bench) throws BackendUnavailable {
        int threads = PairedStepBenchmark.threads();
        String script = bench.resolve("torch_step.py").toString();
        for (StepModel model : MODELS) {
            String name = "step/" + model.label() + "-" + threads + "t/";
            List<String> command = List.of(python, script, model.label(), Integer.toString(threads));
            try (TrainStep step = TrainStep.proved(model, "simd")) {
                pytorch(name + "pytorch", model, threads, step, command);
                if (model == StepModel.TINY) { // in libtorch there is no such model here
                    List<String> other = new ArrayList<>(command);
                    other.add("channels-last");
                    pytorch(name + "pytorch-channels-last", model, threads, step, other);
                    continue;
                }
                try (TorchStep peer = new TorchStep(torch, model)) {
                    TrainStep.requireFall(peer.run(), peer.run());
                    PairedBenchmark.Timer theirs = threads == 1 ? Stopwatch.once(peer::run) : Stopwatch.wall(peer::run);
                    print(name + "libtorch" + torch.version(), model, threads, step, theirs);
                }
            }
        }
        if (threads == 2) {
            twoAgainstOne();
        }
    }

    private static void pytorch(String name, StepModel model, int threads, TrainStep step, List<String> command) {
        try (Contender contender = Contender.start(Map.of(), command)) {
            print(name, model, threads, step, PairedStepBenchmark.theirs(contender, threads));
        }
    }

    /** The step of the larger model with two threads against one, both ours, each in a process of its own. */
    private static void twoAgainstOne() {
        try (Contender two = Contender.start(Map.of(), server(2));
                Contender one = Contender.start(Map.of(), server(1))) {
            PairedBenchmark pair = PairedBenchmark.of(
                    FRESH_WARM_UP, BASE_ROUNDS, PairedStepBenchmark.theirs(two, 2), PairedStepBenchmark.theirs(one, 2));
            System.out.println(pair.line("step/base-2t/ours-1t", PairedStepBenchmark.work()));
        }
    }

    /** The step of both models on an OpenCL device against the processor's backend, by the clock. */
    static void openClAgainstSimd() throws BackendUnavailable {
        int threads = PairedStepBenchmark.threads();
        for (StepModel model : MODELS) {
            try (TrainStep device = TrainStep.proved(model, "opencl");
                    TrainStep processor = TrainStep.proved(model, "simd")) {
                String name = "opencl/step-" + model.label() + "-" + threads + "t/simd";
                print(name, model, threads, device, Stopwatch.wall(processor::run));
                System.out.println(host(model, device));
            }
        }
    }

    /** What the calling thread computes itself to keep a device busy, waiting left out. */
    private static String host(StepModel model, TrainStep device) {
        double share = Double.MAX_VALUE;
        double millis = Double.MAX_VALUE;
        for (int i = 0; i < BASE_ROUNDS; i++) {
            double cpu = -Stopwatch.cpuNanos();
            double wall = -System.nanoTime();
            device.run();
            cpu += Stopwatch.cpuNanos();
            wall += System.nanoTime();
            share = Math.min(share, cpu / wall);
            millis = Math.min(millis, cpu / 1e6);
        }
        return String.format(
                Locale.ROOT,
                "# opencl/step-%s: the calling thread computes %.1f ms a step, %.1f %% of its time",
                model.label(),
                millis,
                100 * share);
    }

    private static List<String> server(int threads) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-X"))
                .forEach(command::add);
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector",
                "-Dorg.safeclip.threads=" + threads,
                "-cp",
                System.getProperty("java.class.path"),
                "org.safeclip.bench.StepServer",
                StepModel.BASE.label(),
                "simd"));
        return command;
    }

    private static void print(String name, StepModel model, int threads, TrainStep step, PairedBenchmark.Timer theirs) {
        int rounds = model == StepModel.BASE ? BASE_ROUNDS : SMALL_ROUNDS;
        PairedBenchmark pair = PairedBenchmark.of(
                PairedStepBenchmark.warmUp(model), rounds, PairedStepBenchmark.ours(step, threads), theirs);
        System.out.println(pair.line(name, PairedStepBenchmark.work()));
    }
}
