package org.safeclip.bench.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.safeclip.bench.Duel;
import org.safeclip.bench.Rival;
import org.safeclip.bench.StepDuel;
import org.safeclip.bench.StepModel;
import org.safeclip.bench.Stopwatch;
import org.safeclip.bench.TrainStep;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Family {@code step}: the training step, images a second; thread CPU time for one thread, the clock for more. */
final class StepPeers {
    private StepPeers() {}

    /** Against libtorch in this process and PyTorch in another, with as many threads as this process was given. */
    static void run(Torch torch, String python, Path bench) throws BackendUnavailable {
        int threads = StepDuel.threads();
        for (StepModel model : StepModel.values()) {
            String name = "step/" + model.label() + "-" + threads + "t/";
            List<String> command = List.of(
                    python, bench.resolve("torch_step.py").toString(), model.label(), Integer.toString(threads));
            try (TrainStep step = TrainStep.proved(model, "simd")) {
                try (Rival rival = Rival.start(Map.of(), command)) {
                    print(name + "pytorch1.13", model, threads, step, StepDuel.theirs(rival, threads));
                }
                try (TorchStep peer = new TorchStep(torch, model)) {
                    TrainStep.requireFall(peer.run(), peer.run());
                    Duel.Contestant theirs = threads == 1 ? Stopwatch.once(peer::run) : Stopwatch.wall(peer::run);
                    print(name + "libtorch" + torch.version(), model, threads, step, theirs);
                }
            }
        }
    }

    private static void print(String name, StepModel model, int threads, TrainStep step, Duel.Contestant theirs) {
        int rounds = model == StepModel.SMALL ? 11 : 5;
        Duel duel = Duel.of(StepDuel.warmUp(model), rounds, StepDuel.ours(step, threads), theirs);
        System.out.println(duel.line(name, StepDuel.work()));
    }
}
