package org.safeclip.experiments.export;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.nn.Activation;
import org.safeclip.nn.Attention;
import org.safeclip.nn.AttentionPool;
import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.Conv2d;
import org.safeclip.nn.LayerNorm;
import org.safeclip.nn.Linear;
import org.safeclip.nn.Mlp;
import org.safeclip.nn.TransformerBlock;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;

/**
 * The layers of {@code org.safeclip.nn} as operations of ONNX; each method is the layer of its argument.
 *
 * @param graph receives the operations
 */
record OnnxLayers(OnnxGraph graph) {
    private static final float EPSILON = 1e-5f;
    private static final float NORM_EPSILON = 1e-12f;

    String linear(Linear layer, String x) {
        return linear(layer.weight(), layer.bias(), x);
    }

    private String linear(Tensor weight, @Nullable Tensor bias, String x) { // x·weightᵀ + bias
        String product = matmul(x, graph.constant(weight.value().permute(1, 0)));
        return bias == null ? product : add(product, graph.constant(bias.value()));
    }

    String matmul(String x, String y) {
        return graph.node("MatMul", List.of(x, y));
    }

    String add(String x, String y) {
        return graph.node("Add", List.of(x, y));
    }

    private String mul(String x, String y) {
        return graph.node("Mul", List.of(x, y));
    }

    private String scale(String x, double factor) {
        return mul(x, graph.constant(new float[] {(float) factor}));
    }

    String relu(String x) {
        return graph.node("Relu", List.of(x));
    }

    /** x·Φ(x). */
    String gelu(String x) {
        String erf = graph.node("Erf", List.of(scale(x, Math.sqrt(0.5))));
        return mul(scale(x, 0.5), add(erf, graph.constant(new float[] {1})));
    }

    private String activation(Activation activation, String x) {
        return switch (activation) {
            case GELU -> gelu(x);
            case QUICK_GELU -> mul(x, graph.node("Sigmoid", List.of(scale(x, 1.702))));
        };
    }

    /** Another shape; 0 keeps a dimension, −1 takes what is left. */
    String reshape(String x, long... shape) {
        return graph.node("Reshape", List.of(x, graph.shape(shape)));
    }

    String transpose(String x, int... order) {
        return graph.node("Transpose", List.of(x), OnnxGraph.with("perm", order));
    }

    String mean(String x, int axis, boolean keep) {
        return graph.node(
                "ReduceMean",
                List.of(x),
                OnnxGraph.with("axes", new int[] {axis}),
                OnnxGraph.with("keepdims", keep ? 1L : 0L));
    }

    String concat(String x, String y, long axis) {
        return graph.node("Concat", List.of(x, y), OnnxGraph.with("axis", axis));
    }

    /** The first token, {@code [B, T, D] -> [B, 1, D]}. */
    String first(String x) {
        return graph.node("Slice", List.of(x, graph.shape(0), graph.shape(1), graph.shape(1)));
    }

    /** Unit length, {@code [B, E]}. */
    String normalised(String x) {
        String length = graph.node("ReduceL2", List.of(x), OnnxGraph.with("axes", new int[] {-1}));
        return graph.node("Div", List.of(x, graph.node("Max", List.of(length, graph.constant(new float[] {NORM_EPSILON
        })))));
    }

    String norm(LayerNorm layer, String x) {
        return graph.node(
                "LayerNormalization",
                List.of(
                        x,
                        graph.constant(layer.weight().value()),
                        graph.constant(layer.bias().value())),
                OnnxGraph.with("epsilon", EPSILON));
    }

    String norm(BatchNorm2d layer, String x) {
        return graph.node(
                "BatchNormalization",
                List.of(
                        x,
                        graph.constant(layer.weight().value()),
                        graph.constant(layer.bias().value()),
                        graph.constant(layer.runningMean()),
                        graph.constant(layer.runningVariance())),
                OnnxGraph.with("epsilon", EPSILON));
    }

    String conv(Conv2d layer, String x) {
        String weight = graph.constant(layer.weight().value());
        Tensor bias = layer.bias();
        int padding = layer.padding();
        return graph.node(
                "Conv",
                bias == null ? List.of(x, weight) : List.of(x, weight, graph.constant(bias.value())),
                OnnxGraph.with("strides", layer.stride(), layer.stride()),
                OnnxGraph.with("pads", padding, padding, padding, padding));
    }

    /** The mean over blocks of some places. */
    String averagePool(int side, String x) {
        return graph.node(
                "AveragePool",
                List.of(x),
                OnnxGraph.with("kernel_shape", side, side),
                OnnxGraph.with("strides", side, side));
    }

    /** The places of a map as tokens, {@code [B, C, height, width] -> [B, T, C]}. */
    String tokens(int channels, String x) {
        return transpose(reshape(x, 0, channels, -1), 0, 2, 1);
    }

    String blocks(List<TransformerBlock> blocks, int tokens, String x) {
        String y = x;
        for (TransformerBlock block : blocks) {
            String attended = add(y, attention(block.attention(), tokens, norm(block.attentionNorm(), y)));
            y = add(attended, mlp(block.mlp(), norm(block.mlpNorm(), attended)));
        }
        return y;
    }

    private String mlp(Mlp layer, String x) {
        return linear(layer.narrow(), activation(layer.activation(), linear(layer.widen(), x)));
    }

    private String attention(Attention layer, int tokens, String x) { // [B, T, D] -> [B, T, D]
        String together = linear(layer.inWeight(), layer.inBias(), x);
        List<String> qkv = graph.nodes("Split", List.of(together), 3, OnnxGraph.with("axis", -1L));
        int width = layer.inWeight().dim(1);
        String scores = scores(qkv.get(0), qkv.get(1), width, layer.heads());
        String masked = layer.causal() ? add(scores, future(tokens)) : scores;
        return linear(layer.out(), mixed(masked, qkv.get(2), width, layer.heads()));
    }

    private String scores(String q, String k, int width, int heads) { // [B, H, Tq, T]
        String queries = transpose(reshape(q, 0, 0, heads, width / heads), 0, 2, 1, 3);
        String keys = transpose(reshape(k, 0, 0, heads, width / heads), 0, 2, 3, 1);
        return scale(matmul(queries, keys), 1 / Math.sqrt((double) width / heads));
    }

    private String mixed(String scores, String v, int width, int heads) { // [B, Tq, D]
        String values = transpose(reshape(v, 0, 0, heads, width / heads), 0, 2, 1, 3);
        String mixed = matmul(graph.node("Softmax", List.of(scores), OnnxGraph.with("axis", -1L)), values);
        return reshape(transpose(mixed, 0, 2, 1, 3), 0, 0, width);
    }

    /** −∞ for every token that is in the future of another, {@code [T, T]}. */
    private String future(int tokens) {
        float[] mask = new float[tokens * tokens];
        for (int row = 0; row < tokens; row++) {
            for (int column = row + 1; column < tokens; column++) {
                mask[row * tokens + column] = Float.NEGATIVE_INFINITY;
            }
        }
        return graph.constant(mask, tokens, tokens);
    }

    String attentionPool(AttentionPool pool, String x) { // [B, D, height, width] -> [B, E]
        int width = pool.positions().dim(1);
        String places = tokens(width, x);
        String tokens = add(
                concat(mean(places, 1, true), places, 1),
                graph.constant(pool.positions().value()));
        String scores = scores(linear(pool.query(), first(tokens)), linear(pool.key(), tokens), width, pool.heads());
        String mixed = mixed(scores, linear(pool.value(), tokens), width, pool.heads()); // [B, 1, D]
        return linear(pool.out(), reshape(mixed, 0, width));
    }

    /** One vector for every image of x, {@code [B, 1, D]}. */
    String forEach(NdArray vector, String x) {
        int width = vector.shape().size();
        String count = graph.node("Shape", List.of(x), OnnxGraph.with("start", 0L), OnnxGraph.with("end", 1L));
        String shape = concat(count, graph.shape(1, width), 0);
        return graph.node("Expand", List.of(graph.constant(vector.toArray(), 1, 1, width), shape));
    }
}
