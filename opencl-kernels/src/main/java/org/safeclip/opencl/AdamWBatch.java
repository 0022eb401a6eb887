package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.Storage;

/**
 * AdamW steps of many parameters in few launches, {@code adamw.cl}: steps wait until there are 16 with equal constants,
 * or until any other work is enqueued.
 */
final class AdamWBatch {
    private static final int MOST = 16;
    private static final int ITEMS = 256;
    private static final int NUMBERS = 4; // of an item

    private final Queue queue;
    private final List<Block> blocks = new ArrayList<>();
    private @Nullable AdamStep constants;

    /** Parameters, gradient and moments of n numbers. */
    private record Block(int n, boolean decays, Storage p, Storage g, Storage m, Storage v) {}

    AdamWBatch(Queue queue) {
        this.queue = queue;
    }

    /** Takes a step now or later, before anything else is enqueued. */
    void add(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v) {
        for (Storage each : List.of(p, g, m, v)) {
            DeviceBuffer.memory(each); // which may be a sum that waits
        }
        boolean decays = step.decay() != 0;
        AdamStep known = constants;
        if (known == null) {
            constants = step;
        } else if (!step.equals(withDecay(known, step.decay()))
                || (decays && known.decay() != 0 && known.decay() != step.decay())) {
            run();
            constants = step;
        } else if (decays) {
            constants = step;
        }
        blocks.add(new Block(n, decays, p, g, m, v));
        if (blocks.size() == MOST) {
            run();
        }
    }

    private static AdamStep withDecay(AdamStep step, float decay) {
        return new AdamStep(step.rate(), decay, step.beta1(), step.beta2(), step.epsilon(), step.step());
    }

    /** Enqueues the steps that wait. */
    void run() {
        AdamStep step = constants;
        if (step == null) {
            return;
        }
        List<Block> all = List.copyOf(blocks);
        blocks.clear();
        constants = null;
        int[] numbers = new int[MOST];
        int[] firsts = new int[MOST];
        int decays = 0;
        int groups = 0;
        for (int i = 0; i < MOST; i++) {
            firsts[i] = i < all.size() ? groups : Integer.MAX_VALUE;
            if (i < all.size()) {
                numbers[i] = all.get(i).n;
                decays |= all.get(i).decays ? 1 << i : 0;
                groups += (int) LaunchGeometry.ceil(numbers[i], ITEMS * NUMBERS);
            }
        }
        Launch launch = queue.launch("adamw", "adamw_many")
                .with(step)
                .with(decays)
                .with(numbers)
                .with(firsts);
        for (int i = 0; i < MOST; i++) {
            Block block = all.get(Math.min(i, all.size() - 1));
            launch.with(block.p).with(block.g).with(block.m).with(block.v);
        }
        launch.run(new long[] {(long) groups * ITEMS}, new long[] {ITEMS});
    }
}
