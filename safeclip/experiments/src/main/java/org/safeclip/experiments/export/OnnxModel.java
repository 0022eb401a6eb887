package org.safeclip.experiments.export;

import java.util.List;
import org.safeclip.model.Bottleneck;
import org.safeclip.model.ClipModel;
import org.safeclip.model.ConvNet;
import org.safeclip.model.ModifiedResNet;
import org.safeclip.model.TextTransformer;
import org.safeclip.model.VisionTransformer;
import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.Conv2d;
import org.safeclip.nn.ConvStem;
import org.safeclip.nn.Layer;
import org.safeclip.nn.PatchEmbedding;
import org.safeclip.tensor.NdArray;

/**
 * The encoders of a CLIP as files of ONNX (opset 17), in two of which other programs find all they need: {@code images [batch, 3, S,
 * S]}, normalised as CLIP does it, and {@code tokens [batch, context]}, each to {@code embeddings [batch, E]} of unit length.
 */
public final class OnnxModel {
    private static final String EMBEDDINGS = "embeddings";

    private final OnnxGraph graph = new OnnxGraph();
    private final OnnxLayers layers = new OnnxLayers(graph);

    private OnnxModel() {}

    /**
     * The image encoder.
     *
     * @param side S, side of the images in pixels
     */
    public static byte[] images(ClipModel model, int side) {
        OnnxModel onnx = new OnnxModel();
        String images = onnx.graph.floats("images", 3, side, side);
        String features = switch (model.visual()) {
            case VisionTransformer encoder -> onnx.features(encoder, images);
            case ConvNet encoder -> onnx.features(encoder, images);
            case ModifiedResNet encoder -> onnx.features(encoder, images);
        };
        onnx.graph.output(EMBEDDINGS, onnx.layers.normalised(features), model.embedding());
        return onnx.graph.model("images");
    }

    /** The text encoder. */
    public static byte[] texts(ClipModel model) {
        OnnxModel onnx = new OnnxModel();
        String tokens = onnx.graph.integers("tokens", model.text().positions().dim(0));
        String features = onnx.features(model.text(), tokens);
        onnx.graph.output(EMBEDDINGS, onnx.layers.normalised(features), model.embedding());
        return onnx.graph.model("texts");
    }

    private String features(VisionTransformer encoder, String images) {
        String cells = cells(encoder.tokens(), images); // [B, T - 1, D]
        String tokens = layers.concat(layers.forEach(encoder.classEmbedding().value(), images), cells, 1);
        String placed = layers.add(tokens, constant(encoder.positions().value()));
        String y = layers.blocks(
                encoder.transformer().resblocks(),
                encoder.positions().dim(0),
                layers.norm(encoder.normBefore(), placed));
        String pooled = encoder.meanPool()
                ? layers.mean(y, 1, false)
                : layers.reshape(layers.first(y), 0, encoder.positions().dim(1));
        return layers.matmul(
                layers.norm(encoder.normAfter(), pooled),
                constant(encoder.projection().value()));
    }

    private String cells(Layer tokens, String images) {
        return switch (tokens) {
            case PatchEmbedding patches -> {
                int patch = patches.weight().dim(-1);
                String map = layers.conv(new Conv2d(patches.weight(), null, patch, 0), images);
                yield layers.tokens(patches.weight().dim(0), map);
            }
            case ConvStem stem -> {
                String map = images;
                for (Conv2d convolution : stem.convolutions()) {
                    map = layers.gelu(layers.conv(convolution, map));
                }
                int channels = stem.convolutions().getLast().weight().dim(0);
                yield layers.linear(stem.project(), layers.tokens(channels, map));
            }
            default -> throw new IllegalArgumentException("no form in ONNX for " + tokens.getClass());
        };
    }

    private String features(ConvNet encoder, String images) {
        String x = images;
        for (ConvNet.Stage stage : encoder.stages()) {
            x = rectified(stage.conv(), stage.norm(), x);
        }
        String flat = layers.reshape(x, 0, encoder.projection().dim(0));
        return layers.matmul(
                layers.norm(encoder.norm(), flat), constant(encoder.projection().value()));
    }

    private String rectified(Conv2d conv, BatchNorm2d norm, String x) {
        return layers.relu(layers.norm(norm, layers.conv(conv, x)));
    }

    private String features(ModifiedResNet encoder, String images) {
        ModifiedResNet.Stem stem = encoder.stem();
        String x = rectified(stem.first(), stem.firstNorm(), images);
        x = rectified(stem.second(), stem.secondNorm(), x);
        x = layers.averagePool(2, rectified(stem.third(), stem.thirdNorm(), x));
        for (List<Bottleneck> stage : List.of(encoder.stage1(), encoder.stage2(), encoder.stage3(), encoder.stage4())) {
            for (Bottleneck block : stage) {
                x = block(block, x);
            }
        }
        return layers.attentionPool(encoder.pool(), x);
    }

    private String block(Bottleneck block, String x) {
        String reduced = rectified(block.reduce(), block.reduceNorm(), x);
        String seen = smaller(block, rectified(block.look(), block.lookNorm(), reduced));
        String expanded = layers.norm(block.expandNorm(), layers.conv(block.expand(), seen));
        Bottleneck.Shortcut shortcut = block.shortcut();
        String past =
                shortcut == null ? x : layers.norm(shortcut.norm(), layers.conv(shortcut.conv(), smaller(block, x)));
        return layers.relu(layers.add(past, expanded));
    }

    private String smaller(Bottleneck block, String x) {
        return block.stride() == 1 ? x : layers.averagePool(block.stride(), x);
    }

    private String features(TextTransformer encoder, String tokens) {
        String rows = graph.node(
                "Gather", List.of(constant(encoder.embedding().weight().value()), tokens));
        String placed = layers.add(rows, constant(encoder.positions().value())); // [B, T, D]
        String y = layers.blocks(
                encoder.transformer().resblocks(), encoder.positions().dim(0), placed);
        String ends =
                graph.node("ArgMax", List.of(tokens), OnnxGraph.with("axis", 1L)); // [B, 1], the first of equal ones
        String last = graph.node("GatherND", List.of(y, ends), OnnxGraph.with("batch_dims", 1L)); // [B, D]
        return layers.matmul(
                layers.norm(encoder.norm(), last), constant(encoder.projection().value()));
    }

    private String constant(NdArray values) {
        return graph.constant(values);
    }
}
