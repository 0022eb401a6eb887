package org.safeclip.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import java.util.Random;
import org.safeclip.bench.Agreement;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.Stopwatch;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Storage;

/**
 * Family {@code attention}: forward and backward, fused here, in separate operations under autograd there; tokens a
 * microsecond. Both start from packed queries, keys and values and end with their gradient.
 */
final class AttentionPeers {
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 31;
    private static final double READING = 1e7; // nanoseconds of work between two looks at the clock

    private AttentionPeers() {}

    static void run(Backend backend, Torch torch) {
        System.out.println(compare("attention/T17-1024x17x32", new AttentionShape(256, 17, 4, 32, false), backend, torch));
        System.out.println(compare("attention/T65-384x65x64", new AttentionShape(128, 65, 3, 64, false), backend, torch));
    }

    private static String compare(String name, AttentionShape s, Backend backend, Torch torch) {
        Random random = new Random(7);
        int tokens = s.batch() * s.tokens();
        float[] packed = Numbers.normal(random, tokens * 3 * s.width());
        float[] incoming = Numbers.normal(random, tokens * s.width());
        Storage qkv = Numbers.on(backend, packed);
        Storage dy = Numbers.on(backend, incoming);
        Storage y = backend.allocate(tokens * s.width());
        Storage logSums = backend.allocate(s.batch() * s.heads() * s.tokens());
        Storage dqkv = backend.allocate(tokens * 3 * s.width());
        Kernels kernels = backend.kernels();
        Runnable ours = () -> {
            kernels.attention(s, qkv, y, logSums);
            kernels.attentionGradient(s, qkv, y, logSums, dy, dqkv);
        };
        try (NDArray peer = torch.array(packed, s.batch(), s.tokens(), 3L * s.width());
                NDArray peerDy = torch.array(incoming, s.batch(), s.tokens(), s.width())) {
            ours.run();
            Agreement.require(name, gradient(torch, peer, peerDy, s), Numbers.of(dqkv));
            Runnable theirs = () -> run(torch, peer, peerDy, s, false);
            PairedBenchmark pair = PairedBenchmark.of(
                    WARM_UP, ROUNDS, Stopwatch.repeated(READING, ours), Stopwatch.repeated(READING, theirs));
            return pair.line(name, tokens * 1e3);
        }
    }

    private static float[] gradient(Torch torch, NDArray qkv, NDArray dy, AttentionShape s) {
        return run(torch, qkv, dy, s, true);
    }

    /** Forward and backward; autograd is given dy. */
    @SuppressWarnings("try") // the scope is there to be closed
    private static float[] run(Torch torch, NDArray qkv, NDArray dy, AttentionShape s, boolean read) {
        try (NDScope scope = new NDScope();
                GradientCollector collector = torch.collector()) {
            NDArray leaf = qkv.stopGradient();
            leaf.setRequiresGradient(true);
            Torch.backward(TorchClip.attention(leaf, s.heads(), null), dy);
            return read ? leaf.getGradient().toFloatArray() : new float[0];
        }
    }
}
