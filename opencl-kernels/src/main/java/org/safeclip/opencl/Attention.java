package org.safeclip.opencl;

import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Storage;

/** Self-attention and its pull-back, {@code attention.cl}. */
final class Attention {
    private final Queue queue;
    private final Cut cut;

    Attention(Queue queue) {
        this.queue = queue;
        this.cut = new Cut(queue);
    }

    void attention(AttentionShape s, Storage qkv, Storage y, Storage logSums) {
        over(s, start("attention", s).with(qkv).with(y).with(logSums));
    }

    void attentionGradient(AttentionShape s, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
        for (String kernel : new String[] {"attention_dq", "attention_dkv"}) {
            over(s, start(kernel, s).with(qkv).with(y).with(logSums).with(dy).with(dqkv));
        }
    }

    private int per(AttentionShape s) {
        return cut.numbers(count(s), (long) s.tokens() * s.headWidth());
    }

    private static int count(AttentionShape s) {
        return s.batch() * s.heads() * s.tokens();
    }

    private Launch start(String kernel, AttentionShape s) {
        return queue.launch("attention", kernel)
                .with(count(s))
                .with(per(s))
                .with(s.tokens())
                .with(s.heads())
                .with(s.headWidth())
                .with(s.causal() ? 1 : 0)
                .with((float) (1 / Math.sqrt(s.headWidth())));
    }

    private void over(AttentionShape s, Launch launch) {
        launch.over(Cut.ceil(count(s), (long) per(s) * queue.lanes()));
    }
}
