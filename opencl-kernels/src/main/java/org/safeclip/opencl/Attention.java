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

    /** {@code attention_gpu.cl}: a group for each block of rows of a head, a tile of scores at a time. */
    record OnGpu(Queue queue) implements Attention {
        @Override
        public void attention(AttentionShape s, Storage qkv, Storage y, Storage logSums) {
            AttentionTile tile = AttentionTile.forward(s, queue.device());
            run(s, tile, launch("attention", s, tile).with(qkv).with(y).with(logSums));
        }

        @Override
        public void attentionGradient(
                AttentionShape s, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
            AttentionTile tile = AttentionTile.backward(s, queue.device());
            DeviceBuffer means = queue.temporary(s.batch() * s.heads() * s.tokens());
            run(
                    s,
                    tile,
                    launch("attention_dq", s, tile)
                            .with(qkv)
                            .with(y)
                            .with(logSums)
                            .with(dy)
                            .with(means)
                            .with(dqkv));
            run(
                    s,
                    tile,
                    launch("attention_dkv", s, tile)
                            .with(qkv)
                            .with(logSums)
                            .with(dy)
                            .with(means)
                            .with(dqkv));
            queue.giveBack(means);
        }

        private Launch launch(String kernel, AttentionShape s, AttentionTile tile) {
            return shaped(
                    queue.launch("attention_gpu", tile.options(), kernel)
                            .with(s.tokens())
                            .with(s.heads()),
                    s);
        }

        private void run(AttentionShape s, AttentionTile tile, Launch launch) {
            long groups = (long) s.batch() * s.heads() * LaunchGeometry.ceil(s.tokens(), tile.own());
            launch.run(new long[] {groups * tile.items()}, new long[] {tile.items()});
        }
    }
}
