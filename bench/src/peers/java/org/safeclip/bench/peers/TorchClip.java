package org.safeclip.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Embedding;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.model.ClipConfig;

/**
 * The model of {@code torch_step.py} in DJL's arrays, operation by operation. {@link #declare} names the parameters in
 * the order in which {@link #loss} takes them.
 */
final class TorchClip {
    /**
     * A parameter before it exists.
     *
     * @param std of its initial values; 0: all {@code fill}
     */
    record Declared(Shape shape, float std, float fill) {
        static Declared normal(double std, long... dims) {
            return new Declared(new Shape(dims), (float) std, 0);
        }

        static Declared filled(double value, long... dims) {
            return new Declared(new Shape(dims), 0, (float) value);
        }

        NDArray on(NDManager manager) {
            return std == 0 ? manager.full(shape, fill) : manager.randomNormal(shape).muli(std);
        }
    }

    private final ClipConfig config;
    private final int batch;
    private final NDArray mask; // [1, T, T] for captions: 0 where a token may look, else minus infinity
    private final NDArray diagonal;

    TorchClip(ClipConfig config, int batch, NDManager manager) {
        this.config = config;
        this.batch = batch;
        int context = config.text().context();
        float[] hidden = new float[context * context];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = i % context > i / context ? Float.NEGATIVE_INFINITY : 0;
        }
        this.mask = manager.create(hidden, new Shape(1, context, context));
        this.diagonal = manager.eye(batch);
    }

    List<Declared> declare() {
        long patch = config.vision().patch();
        long width = config.vision().width();
        double std = 1 / Math.sqrt((double) width);
        List<Declared> all = new ArrayList<>();
        all.add(Declared.normal(1 / Math.sqrt(3.0 * patch * patch), width, 3, patch, patch));
        all.add(Declared.normal(std, 1, 1, width));
        all.add(Declared.normal(std, config.imageTokens() + 1, width));
        norm(all, width);
        blocks(all, width, config.vision().layers());
        norm(all, width);
        all.add(Declared.normal(std, width, config.embedding()));
        long textWidth = config.text().width();
        all.add(Declared.normal(0.02, config.text().vocabulary(), textWidth));
        all.add(Declared.normal(0.01, config.text().context(), textWidth));
        blocks(all, textWidth, config.text().layers());
        norm(all, textWidth);
        all.add(Declared.normal(1 / Math.sqrt((double) textWidth), textWidth, config.embedding()));
        all.add(Declared.filled(Math.log(1 / 0.07), 1));
        return all;
    }

    private static void norm(List<Declared> all, long width) {
        all.add(Declared.filled(1, width));
        all.add(Declared.filled(0, width));
    }

    private static void linear(List<Declared> all, long in, long out, double std) {
        all.add(Declared.normal(std, out, in));
        all.add(Declared.filled(0, out));
    }

    private static void blocks(List<Declared> all, long width, int layers) {
        double residual = 1 / Math.sqrt(2.0 * layers * width);
        for (int i = 0; i < layers; i++) {
            norm(all, width);
            linear(all, width, 3 * width, 1 / Math.sqrt((double) width));
            linear(all, width, width, residual);
            norm(all, width);
            linear(all, width, 4 * width, 1 / Math.sqrt(2.0 * width));
            linear(all, 4 * width, width, residual);
        }
    }

    /** ½[CE(L) + CE(Lᵀ)] of {@code pixels [B, 3, side, side]} and {@code ids [B, T]}. */
    NDArray loss(NDArray pixels, NDArray ids, Iterator<NDArray> w) {
        NDArray images = images(pixels, w);
        NDArray texts = texts(ids, w);
        NDArray logits = images.mul(w.next().exp()).matMul(texts.transpose());
        NDArray shares = logits.logSoftmax(1).add(logits.logSoftmax(0)); // rows, and columns
        return shares.mul(diagonal).sum().mul(-0.5f / batch);
    }

    private NDArray images(NDArray pixels, Iterator<NDArray> w) {
        int tokens = config.imageTokens();
        int width = config.vision().width();
        Shape stride = new Shape(config.vision().patch(), config.vision().patch());
        NDArray cells = Conv2d.conv2d(pixels, w.next(), null, stride).singletonOrThrow();
        cells = cells.reshape(batch, width, tokens).transpose(0, 2, 1);
        NDArray token = w.next().broadcast(new Shape(batch, 1, width));
        NDArray x = token.concat(cells, 1).add(w.next()); // [B, T, D]
        x = layerNorm(x, w);
        for (int i = 0; i < config.vision().layers(); i++) {
            x = block(x, config.vision().heads(), false, w);
        }
        NDArray first = x.split(new long[] {1}, 1).get(0).squeeze(1);
        return layerNorm(first, w).matMul(w.next()).normalize(2, 1);
    }

    private NDArray texts(NDArray ids, Iterator<NDArray> w) {
        NDArray words = Embedding.embedding(ids, w.next(), SparseFormat.DENSE).singletonOrThrow();
        NDArray x = words.add(w.next());
        for (int i = 0; i < config.text().layers(); i++) {
            x = block(x, config.text().heads(), true, w);
        }
        // every caption fills the context, so its end token is the last
        NDArray last = x.split(new long[] {config.text().context() - 1}, 1).get(1).squeeze(1);
        return layerNorm(last, w).matMul(w.next()).normalize(2, 1);
    }

    private NDArray block(NDArray x, int heads, boolean causal, Iterator<NDArray> w) {
        NDArray qkv = linear(layerNorm(x, w), w);
        NDArray attended = x.add(linear(attention(qkv, heads, causal ? mask : null), w));
        NDArray wide = linear(layerNorm(attended, w), w);
        NDArray active = wide.mul(Activation.sigmoid(wide.mul(1.702f))); // QuickGELU
        return attended.add(linear(active, w));
    }

    /** Self-attention from packed queries, keys and values {@code [B, T, 3·D]} in separate operations. */
    static NDArray attention(NDArray qkv, int heads, @Nullable NDArray mask) {
        long batch = qkv.getShape().get(0);
        long tokens = qkv.getShape().get(1);
        long width = qkv.getShape().get(2) / 3;
        long head = width / heads;
        NDList parts = qkv.reshape(batch, tokens, 3, heads, head)
                .transpose(2, 0, 3, 1, 4)
                .reshape(3, batch * heads, tokens, head)
                .split(3, 0);
        NDArray q = parts.get(0).squeeze(0);
        NDArray k = parts.get(1).squeeze(0);
        NDArray v = parts.get(2).squeeze(0);
        NDArray scores = q.mul((float) (1 / Math.sqrt((double) head))).batchMatMul(k.transpose(0, 2, 1));
        NDArray shares = (mask == null ? scores : scores.add(mask)).softmax(2);
        NDArray y = shares.batchMatMul(v).reshape(batch, heads, tokens, head);
        return y.transpose(0, 2, 1, 3).reshape(batch, tokens, width);
    }

    private static NDArray layerNorm(NDArray x, Iterator<NDArray> w) {
        return Torch.layerNorm(x, w.next(), w.next());
    }

    private static NDArray linear(NDArray x, Iterator<NDArray> w) {
        return Torch.linear(x, w.next(), w.next());
    }
}
