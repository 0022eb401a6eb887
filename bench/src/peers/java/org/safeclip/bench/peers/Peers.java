package org.safeclip.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.safeclip.bench.FmaPeak;
import org.safeclip.bench.PairedStepBenchmark;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/**
 * {@code Peers BENCH PYTHON CACHE FAMILY...}: one line a case, after a line with what a thread can multiply and add
 * here and now.
 */
final class Peers {
    private Peers() {}

    /** Runs the families named. */
    public static void main(String[] arguments) throws BackendUnavailable, IOException {
        Path cache = Path.of(arguments[2]).toAbsolutePath();
        List<String> families = List.of(arguments).subList(3, arguments.length);
        try (Backend backend = Backends.open("simd");
                Torch torch = Torch.open(cache, PairedStepBenchmark.threads());
                Arena arena = Arena.ofConfined()) {
            System.out.printf(
                    Locale.ROOT, "# FMA calibration: %.1f GFLOP/s in one thread%n", FmaPeak.gigaflops());
            System.out.println("# family/case, ours, peer, ratio; gemm: GFLOP/s, row and gelu: numbers/ns,"
                    + " attention: tokens/us, step: images/s, em: seconds");
            if (families.contains("gemm")) {
                Blas openblas = Blas.open("openblas", "libopenblas.so.0", arena);
                Blas mkl = Blas.open("mkl", Torch.library(cache).toString(), arena);
                GemmPeers.run(backend, List.of(openblas, mkl));
            }
            if (families.contains("rows")) {
                RowPeers.run(backend, torch);
                AttentionPeers.run(backend, torch);
            }
            if (families.contains("step")) {
                System.out.println("# " + version(arguments[1]));
                StepPeers.run(torch, arguments[1], Path.of(arguments[0]));
            }
            if (families.contains("opencl")) {
                try (Backend device = Backends.open("opencl")) {
                    System.out.println("# opencl: " + device.describe());
                    if (PairedStepBenchmark.threads() == 1) {
                        GemmPeers.run(device, Blas.open("openblas", "libopenblas.so.0", arena));
                    } else {
                        StepPeers.openClAgainstSimd();
                    }
                }
            }
            if (families.contains("em")) {
                EmPeers.run(arguments[1], Path.of(arguments[0]));
            }
        }
    }

    /** Which PyTorch that Python has. */
    private static String version(String python) throws IOException {
        Process process = new ProcessBuilder(python, "-c", "import torch; print('PyTorch', torch.__version__)").start();
        try (BufferedReader answer = process.inputReader()) {
            return answer.readLine();
        }
    }
}
