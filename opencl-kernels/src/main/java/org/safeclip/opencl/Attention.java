package org.safeclip.opencl;

import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Storage;

/** Self-attention and its gradient on one family of devices; compiled for each width of a head. */
sealed interface Attention {
    /** The implementation for the queue's family. */
    static Attention of(Queue queue) {
        return switch (queue.family()) {
            case CPU -> new OnCpu(queue);
            case GPU -> new OnGpu(queue);
        };
    }

    /** Forward pass, as {@link org.safeclip.tensor.backend.Kernels#attention} defines it. */
    void attention(AttentionShape s, Storage qkv, Storage y, Storage logSums);

    /** Backward pass, as {@link org.safeclip.tensor.backend.Kernels#attentionGradient} defines it. */
    void attentionGradient(AttentionShape s, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv);

    private static Launch shaped(Launch launch, AttentionShape s) {
        return launch.with(s.causal() ? 1 : 0).with((float) (1 / Math.sqrt(s.headWidth())));
    }

    /** {@code attention_cpu.cl}: groups of one work-item, a block of queries or a head each. */
    record OnCpu(Queue queue) implements Attention {
        private static final long[] ALONE = {1, 1, 1};

        @Override
        public void attention(AttentionShape s, Storage qkv, Storage y, Storage logSums) {
            int vectors = vectors(s);
            long blocks = LaunchGeometry.ceil(
                    s.tokens(), (long) queue.tileSizes().cpu().width() * vectors);
            shaped(launch("attention", s, vectors).with(s.tokens()), s)
                    .with(qkv)
                    .with(y)
                    .with(logSums)
                    .run(new long[] {blocks, s.heads(), s.batch()}, ALONE);
        }

        @Override
        public void attentionGradient(
                AttentionShape s, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
            shaped(launch("attention_gradient", s, vectors(s)).with(s.tokens()), s)
                    .with(qkv)
                    .with(y)
                    .with(logSums)
                    .with(dy)
                    .with(dqkv)
                    .run(new long[] {s.heads(), s.batch(), 1}, ALONE);
        }

        /** Two vectors of queries share each number of a key; one is enough where the second would stand empty. */
        private int vectors(AttentionShape s) {
            return s.tokens() > queue.tileSizes().cpu().width() ? 2 : 1;
        }

        private Launch launch(String kernel, AttentionShape s, int vectors) {
            String options = "-DHEAD=" + s.headWidth() + " -DWIDTH="
                    + queue.tileSizes().cpu().width() + " -DQV=" + vectors;
            return queue.launch("attention_cpu", options, kernel);
        }
    }

    /** {@code attention_gpu.cl}: a group for each block of rows of a head, a work-item for each row. */
    record OnGpu(Queue queue) implements Attention {
        private static final int LARGEST_BLOCK = 64;

        @Override
        public void attention(AttentionShape s, Storage qkv, Storage y, Storage logSums) {
            run(s, launch("attention", s).with(qkv).with(y).with(logSums));
        }

        @Override
        public void attentionGradient(
                AttentionShape s, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
            for (String kernel : new String[] {"attention_dq", "attention_dkv"}) {
                run(
                        s,
                        launch(kernel, s)
                                .with(qkv)
                                .with(y)
                                .with(logSums)
                                .with(dy)
                                .with(dqkv));
            }
        }

        /** The largest that local memory has room for, twice, and that the tokens fill at least half. */
        private int block(AttentionShape s) {
            int block =
                    Math.min(LARGEST_BLOCK, Integer.highestOneBit(queue.device().largestGroup()));
            long bytes = 2L * (s.headWidth() + 1) * Float.BYTES;
            while (block > 1 && (block * bytes > queue.device().localMemory() || block / 2 >= s.tokens())) {
                block /= 2;
            }
            return block;
        }

        private Launch launch(String kernel, AttentionShape s) {
            String options = "-DHEAD=" + s.headWidth() + " -DBLOCK=" + block(s);
            return shaped(
                    queue.launch("attention_gpu", options, kernel)
                            .with(s.tokens())
                            .with(s.heads()),
                    s);
        }

        private void run(AttentionShape s, Launch launch) {
            long groups = (long) s.batch() * s.heads() * LaunchGeometry.ceil(s.tokens(), block(s));
            launch.run(new long[] {groups * block(s)}, new long[] {block(s)});
        }
    }
}
