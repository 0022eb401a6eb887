package org.safeclip.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.Golden;
import org.safeclip.loss.ContrastiveLoss;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Module;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;
import tools.jackson.databind.JsonNode;

/** The encoders, the whole model and ten steps of training against PyTorch, parameters matched by name. */
class ModelGoldenTest {
    private static final int CONTEXT = 3; // the smallest: start, a word, end

    static Stream<Arguments> vit() {
        return onBothBackends("vit");
    }

    static Stream<Arguments> resNet() {
        return onBothBackends("modified_resnet");
    }

    static Stream<Arguments> text() {
        return onBothBackends("text");
    }

    static Stream<Arguments> clip() {
        return onBothBackends("clip_loss_model");
    }

    static Stream<Arguments> trajectory() {
        return onBothBackends("train_trajectory");
    }

    private static Stream<Arguments> onBothBackends(String op) {
        return Stream.of("scalar", "simd")
                .flatMap(backend -> Golden.cases(op).stream().map(golden -> Arguments.of(backend, golden)));
    }

    @ParameterizedTest
    @MethodSource("vit")
    void imageEncoder(String name, Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open(name)) {
            VisionTransformer encoder =
                    (VisionTransformer) model(golden.attrs(), null, backend).visual();
            setParameters(golden, encoder);
            Tensor image = Tensor.parameter(array(backend, golden, "inputs", "image"));

            Tensor y = encoder.features(image, Mode.TRAINING);
            Gradients gradients = y.backward(array(backend, golden, "dy", "y"));

            golden.assertClose("y", y.value().toArray());
            golden.assertClose("grads", "image", gradients.of(image).toArray());
            assertParameterGradients(golden, encoder, gradients);
        }
    }

    @ParameterizedTest
    @MethodSource("resNet")
    void residualImageEncoder(String name, Golden.Case golden) throws Exception {
        JsonNode attrs = golden.attrs();
        try (Backend backend = Backends.open(name)) {
            List<Integer> blocks =
                    attrs.get("layers").valueStream().map(JsonNode::asInt).toList();
            ClipConfig config = new ClipConfig(
                    attrs.get("image_size").asInt(),
                    attrs.get("output_dim").asInt(),
                    true,
                    new VisionConfig(
                            List.of(),
                            0,
                            blocks,
                            attrs.get("width").asInt(),
                            0,
                            attrs.get("heads").asInt(),
                            false),
                    new TextConfig(2, CONTEXT, 2, 1, 1));
            ModifiedResNet encoder = ModifiedResNet.random(config, backend, new SplittableRandom(1));
            setParameters(golden, encoder);
            Mode mode = attrs.get("training").asBoolean() ? Mode.TRAINING : Mode.EVALUATION;

            Tensor y = encoder.features(Tensor.constant(array(backend, golden, "inputs", "image")), mode);
            Gradients gradients = y.backward(array(backend, golden, "dy", "y"));

            golden.assertClose("y", y.value().toArray());
            assertParameterGradients(golden, encoder, gradients);
            for (Buffer buffer : encoder.buffers()) {
                float[] after = buffer.values().toArray();
                if (mode == Mode.TRAINING) {
                    golden.assertClose("buffer:" + buffer.name(), after);
                } else {
                    assertThat(after).as(buffer.name()).containsExactly(golden.f32("params", buffer.name()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("text")
    void textEncoder(String name, Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open(name)) {
            TextTransformer encoder = model(null, golden.attrs(), backend).text();
            setParameters(golden, encoder);

            Tensor y = encoder.apply(tokens(golden, "tokens"));
            Gradients gradients = y.backward(array(backend, golden, "dy", "y"));

            golden.assertClose("y", y.value().toArray());
            assertParameterGradients(golden, encoder, gradients);
        }
    }

    @ParameterizedTest
    @MethodSource("clip")
    void wholeModel(String name, Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open(name)) {
            ClipModel model = model(golden.attrs().get("visual"), golden.attrs().get("text"), backend);
            setParameters(golden, model);

            Tensor images = images(model, golden, "image");
            Tensor texts = model.embedTexts(tokens(golden, "tokens"));
            Tensor loss = ContrastiveLoss.standard(images, texts, model.scale());

            golden.assertClose("image_features", images.value().toArray());
            golden.assertClose("text_features", texts.value().toArray());
            golden.assertClose("y", loss.item());
            assertParameterGradients(golden, model, loss.backward());
        }
    }

    @ParameterizedTest
    @MethodSource("trajectory")
    @SuppressWarnings("try") // the scope is there to be closed
    void tenStepsOfTraining(String name, Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open(name)) {
            JsonNode attrs = golden.attrs();
            ClipModel model = model(attrs.get("visual"), attrs.get("text"), backend);
            setParameters(golden, model);
            AdamW optimizer = new AdamW(
                    model.parameters(),
                    new AdamW.Settings(
                            attrs.get("weight_decay").asDouble(),
                            attrs.get("betas").get(0).asDouble(),
                            attrs.get("betas").get(1).asDouble(),
                            attrs.get("eps").asDouble(),
                            AdamW::decaysByName));
            float[] losses = new float[attrs.get("steps").asInt()];
            float[] logitScales = new float[losses.length];
            for (int step = 0; step < losses.length; step++) {
                int batch = step % attrs.get("batches").asInt();
                try (Scope scope = backend.scope()) {
                    Tensor loss = ContrastiveLoss.standard(
                            images(model, golden, "image" + batch),
                            model.embedTexts(tokens(golden, "tokens" + batch)),
                            model.scale());
                    optimizer.step(loss.backward(), attrs.get("lrs").get(step).asDouble());
                    model.clampScale();
                    losses[step] = loss.item();
                    logitScales[step] = model.logitScale().item();
                }
            }
            golden.assertClose("losses", losses);
            golden.assertClose("logit_scales", logitScales);
            for (Parameter parameter : model.parameters()) {
                String role = "param:" + parameter.name();
                if (golden.has(role)) {
                    golden.assertClose(role, parameter.tensor().value().toArray());
                }
            }
        }
    }

    /** A model of the sizes in a case; where it has only one encoder, the other is as small as can be. */
    private static ClipModel model(JsonNode visual, JsonNode text, Backend backend) {
        ClipConfig config = new ClipConfig(
                size(visual, "image_size", 4),
                size(visual == null ? text : visual, "output_dim", 2),
                true,
                new VisionConfig(
                        List.of(),
                        size(visual, "patch", 4),
                        List.of(),
                        size(visual, "width", 2),
                        size(visual, "layers", 1),
                        size(visual, "heads", 1),
                        false),
                new TextConfig(
                        size(text, "vocab", 2),
                        size(text, "context", CONTEXT),
                        size(text, "width", 2),
                        size(text, "layers", 1),
                        size(text, "heads", 1)));
        return ClipModel.random(config, backend, new SplittableRandom(1));
    }

    private static int size(JsonNode attrs, String key, int otherwise) {
        return attrs == null ? otherwise : attrs.get(key).asInt();
    }

    private static void setParameters(Golden.Case golden, Module module) {
        List<Parameter> parameters = module.parameters();
        List<Buffer> buffers = module.buffers();
        assertThat(Stream.concat(
                        parameters.stream().map(Parameter::name),
                        buffers.stream().map(Buffer::name)))
                .as("%s: names of the parameters and buffers", golden)
                .containsExactlyInAnyOrderElementsOf(golden.roles("params"));
        buffers.forEach(buffer -> buffer.values().set(golden.f32("params", buffer.name())));
        for (Parameter parameter : parameters) {
            assertThat(parameter.tensor().shape().dims())
                    .as("%s %s", golden, parameter.name())
                    .containsExactly(golden.shape("params", parameter.name()));
            parameter.tensor().value().set(golden.f32("params", parameter.name()));
        }
    }

    private static void assertParameterGradients(Golden.Case golden, Module module, Gradients gradients) {
        HashSet<String> left = new HashSet<>(golden.roles("param_grads"));
        assertThat(left).isNotEmpty();
        for (Parameter parameter : module.parameters()) {
            if (left.remove(parameter.name())) {
                float[] gradient = gradients.of(parameter.tensor()).toArray();
                golden.assertClose("param_grads", parameter.name(), gradient);
            }
        }
        assertThat(left)
                .as("%s: gradients of parameters the model lacks", golden)
                .isEmpty();
    }

    private static Tensor images(ClipModel model, Golden.Case golden, String role) {
        int[] dims = golden.shape("inputs", role);
        return model.embedImages(golden.f32("inputs", role), dims[0], dims[2], Mode.TRAINING);
    }

    private static Tokens tokens(Golden.Case golden, String role) {
        int[] dims = golden.shape("inputs", role);
        return new Tokens(dims[0], dims[1], golden.i32(role));
    }

    private static NdArray array(Backend backend, Golden.Case golden, String part, String role) {
        return NdArray.of(backend, Shape.of(golden.shape(part, role)), golden.f32(part, role));
    }
}
