package org.safeclip.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenAttributes;
import org.safeclip.golden.GoldenCase;
import org.safeclip.loss.ContrastiveLoss;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Module;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;

/** The encoders, the whole model and ten steps of training against PyTorch, parameters matched by name. */
class ModelGoldenTest {
    private static final List<String> BOTH = List.of("scalar", "simd");
    private static final int CONTEXT = 3; // the smallest: start, a word, end

    @TestFactory
    Stream<DynamicTest> imageEncoder() {
        return Golden.tests("vit").check(BOTH, ModelGoldenTest::imageEncoder);
    }

    private static void imageEncoder(GoldenCase golden, Backend backend) {
        VisionTransformer encoder =
                (VisionTransformer) model(golden.attrs(), null, backend).visual();
        setParameters(golden, encoder);
        Tensor image = Tensor.parameter(golden.array(backend, "inputs", "image"));

        Tensor y = encoder.features(image, Mode.TRAINING);
        Gradients gradients = y.backward(golden.array(backend, "dy", "y"));

        golden.assertClose("y", y.value().toArray());
        golden.assertClose("grads", "image", gradients.of(image));
        assertParameterGradients(golden, encoder, gradients);
    }

    @TestFactory
    Stream<DynamicTest> residualImageEncoder() {
        return Golden.tests("modified_resnet").check(BOTH, ModelGoldenTest::residualImageEncoder);
    }

    private static void residualImageEncoder(GoldenCase golden, Backend backend) {
        GoldenAttributes attrs = golden.attrs();
        attrs.require("bn_eps", 1e-5);
        attrs.require("bn_momentum", 0.1);
        List<Integer> blocks = Arrays.stream(attrs.integers("layers")).boxed().toList();
        ClipConfig config = new ClipConfig(
                attrs.integer("image_size"),
                attrs.integer("output_dim"),
                true,
                new VisionConfig(List.of(), 0, blocks, attrs.integer("width"), 0, attrs.integer("heads"), false),
                new TextConfig(2, CONTEXT, 2, 1, 1));
        ModifiedResNet encoder = ModifiedResNet.random(config, backend, new SplittableRandom(1));
        setParameters(golden, encoder);
        Mode mode = attrs.flag("training") ? Mode.TRAINING : Mode.EVALUATION;

        Tensor y = encoder.features(Tensor.constant(golden.array(backend, "inputs", "image")), mode);
        Gradients gradients = y.backward(golden.array(backend, "dy", "y"));

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

    @TestFactory
    Stream<DynamicTest> textEncoder() {
        return Golden.tests("text").check(BOTH, ModelGoldenTest::textEncoder);
    }

    private static void textEncoder(GoldenCase golden, Backend backend) {
        TextTransformer encoder = model(null, golden.attrs(), backend).text();
        setParameters(golden, encoder);

        Tensor y = encoder.apply(tokens(golden, "tokens"));
        Gradients gradients = y.backward(golden.array(backend, "dy", "y"));

        golden.assertClose("y", y.value().toArray());
        assertParameterGradients(golden, encoder, gradients);
    }

    @TestFactory
    Stream<DynamicTest> wholeModel() {
        return Golden.tests("clip_loss_model").check(BOTH, ModelGoldenTest::wholeModel);
    }

    private static void wholeModel(GoldenCase golden, Backend backend) {
        ClipModel model = model(golden.attrs().object("visual"), golden.attrs().object("text"), backend);
        setParameters(golden, model);

        Tensor images = images(model, golden, "image");
        Tensor texts = model.embedTexts(tokens(golden, "tokens"));
        Tensor loss = ContrastiveLoss.standard(images, texts, model.scale());

        golden.assertClose("image_features", images.value().toArray());
        golden.assertClose("text_features", texts.value().toArray());
        golden.assertClose("y", loss.item());
        assertParameterGradients(golden, model, loss.backward());
    }

    @TestFactory
    Stream<DynamicTest> tenStepsOfTraining() {
        return Golden.tests("train_trajectory").check(BOTH, ModelGoldenTest::tenStepsOfTraining);
    }

    @SuppressWarnings("try") // the scope is there to be closed
    private static void tenStepsOfTraining(GoldenCase golden, Backend backend) {
        GoldenAttributes attrs = golden.attrs();
        ClipModel model = model(attrs.object("visual"), attrs.object("text"), backend);
        setParameters(golden, model);
        List<String> undecayed = attrs.texts("no_decay_if_name_contains");
        assertThat(model.parameters())
                .allSatisfy(parameter -> assertThat(AdamW.decaysByName(parameter))
                        .isEqualTo(undecayed.stream().noneMatch(parameter.name()::contains)));
        double[] betas = attrs.numbers("betas");
        AdamW optimizer = new AdamW(
                model.parameters(),
                new AdamW.Settings(
                        attrs.number("weight_decay"), betas[0], betas[1], attrs.number("eps"), AdamW::decaysByName));
        attrs.leave("the clamp has a case of its own", "clamp");
        Schedule schedule = Schedule.faithful(attrs.number("base_lr"), attrs.integer("warmup"), attrs.number("total"));
        double[] rates = attrs.numbers("lrs");
        float[] losses = new float[attrs.integer("steps")];
        float[] logitScales = new float[losses.length];
        for (int step = 0; step < losses.length; step++) {
            int batch = step % attrs.integer("batches");
            try (Scope scope = backend.scope()) {
                Tensor loss = ContrastiveLoss.standard(
                        images(model, golden, "image" + batch),
                        model.embedTexts(tokens(golden, "tokens" + batch)),
                        model.scale());
                assertThat(schedule.rate(step)).isCloseTo(rates[step], within(1e-15));
                optimizer.step(loss.backward(), rates[step]);
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

    @TestFactory
    Stream<DynamicTest> theLogitScaleIsClamped() {
        return Golden.tests("logit_scale_clamp").check(BOTH, ModelGoldenTest::clamp);
    }

    private static void clamp(GoldenCase golden, Backend backend) {
        ClipModel model = model(null, null, backend);
        golden.attrs().leave("the model's own limits are tested", "min", "max");
        float[] clamped = golden.f32("x");
        for (int i = 0; i < clamped.length; i++) {
            model.logitScale().value().set(clamped[i]);
            model.clampScale();
            clamped[i] = model.logitScale().item();
        }
        golden.assertClose("y", clamped);
    }

    /** A model of the sizes in a case; where it has only one encoder, the other is as small as can be. */
    private static ClipModel model(GoldenAttributes visual, GoldenAttributes text, Backend backend) {
        if (visual != null) {
            visual.require("ln_pre", true);
            visual.require("ln_eps", 1e-5);
        }
        if (text != null) {
            text.require("ln_eps", 1e-5);
        }
        if (visual != null && text != null) {
            text.require("output_dim", visual.integer("output_dim"));
            text.require("act", visual.text("act"));
        }
        ClipConfig config = new ClipConfig(
                size(visual, "image_size", 4),
                size(visual == null ? text : visual, "output_dim", 2),
                quickGelu(visual == null ? text : visual),
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

    private static boolean quickGelu(GoldenAttributes attrs) {
        return switch (attrs == null ? "quick_gelu" : attrs.text("act")) {
            case "quick_gelu" -> true;
            case "gelu" -> false;
            default -> throw new AssertionError("no activation " + attrs.text("act"));
        };
    }

    private static int size(GoldenAttributes attrs, String key, int otherwise) {
        return attrs == null ? otherwise : attrs.integer(key);
    }

    private static void setParameters(GoldenCase golden, Module module) {
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

    private static void assertParameterGradients(GoldenCase golden, Module module, Gradients gradients) {
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

    private static Tensor images(ClipModel model, GoldenCase golden, String role) {
        int[] dims = golden.shape("inputs", role);
        return model.embedImages(golden.f32("inputs", role), dims[0], dims[2], Mode.TRAINING);
    }

    private static Tokens tokens(GoldenCase golden, String role) {
        int[] dims = golden.shape("inputs", role);
        return new Tokens(dims[0], dims[1], golden.i32(role));
    }
}
