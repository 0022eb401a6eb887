package org.safeclip.experiments.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Parameter;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** ONNX Runtime gives the embeddings of this program for both encoders of every architecture. */
class OnnxModelTest {
    private static final int COUNT = 3;
    private static final float CLOSE = 1e-4f;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.vision.stem=[] model.vision.patch=8 model.vision.layers=2 model.quickGelu=true",
                "model.vision.stem=[4, 8] model.vision.patch=0 model.vision.layers=2 model.quickGelu=false"
                        + " model.vision.meanPool=true",
                "model.vision.stem=[4, 8] model.vision.patch=0 model.vision.layers=0",
                "model.vision.stem=[] model.vision.patch=0 model.vision.layers=0 model.vision.bottlenecks=[2, 1, 1, 2]"
                        + " model.imageSize=64"
            })
    void runtimeAndProgramAgree(String architecture) throws Exception {
        String sizes = " model.vision.width=16 model.vision.heads=4 model.text.width=16 model.text.heads=2 model.text.layers=2"
                + " model.text.context=12 model.text.vocabulary=520 model.embedding=8";
        ClipConfig config = ConfigFile.preset(
                        "tiny", List.of((architecture + sizes).split(" (?=model)")))
                .model()
                .withVocabulary(520);
        SplittableRandom random = new SplittableRandom(10);
        try (Backend backend = Backends.open("simd");
                OrtEnvironment runtime = OrtEnvironment.getEnvironment()) {
            ClipModel model = ClipModel.random(config, backend, random);
            disturb(model, random);
            int side = config.imageSize();
            float[] pixels = normal(random, COUNT * 3 * side * side);
            float[] expected =
                    model.embedImages(pixels, COUNT, side, Mode.EVALUATION).value().toArray();
            try (OnnxTensor images =
                    OnnxTensor.createTensor(runtime, FloatBuffer.wrap(pixels), new long[] {COUNT, 3, side, side})) {
                assertThat(run(runtime, OnnxModel.images(model, side), "images", images))
                        .usingComparatorWithPrecision(CLOSE)
                        .containsExactly(expected);
            }
            int context = config.text().context();
            int[] ids = random.ints((long) COUNT * context, 0, 519).toArray();
            for (int caption = 0; caption < COUNT; caption++) {
                ids[caption * context + 3 + 4 * caption] = 519;
            }
            float[] texts =
                    model.embedTexts(new Tokens(COUNT, context, ids)).value().toArray();
            try (OnnxTensor tokens = OnnxTensor.createTensor(
                    runtime,
                    LongBuffer.wrap(IntStream.of(ids).asLongStream().toArray()),
                    new long[] {COUNT, context})) {
                assertThat(run(runtime, OnnxModel.texts(model), "tokens", tokens))
                        .usingComparatorWithPrecision(CLOSE)
                        .containsExactly(texts);
            }
        }
    }

    /** Values that no initialiser gives: a bias of 0 or a scale of 1 would hide its absence. */
    private static void disturb(ClipModel model, RandomGenerator random) {
        for (Parameter parameter : model.parameters()) {
            NdArray values = parameter.tensor().value();
            float[] changed = values.toArray();
            for (int i = 0; i < changed.length; i++) {
                changed[i] += 0.1f * (float) random.nextGaussian();
            }
            values.set(changed);
        }
        for (Buffer buffer : model.buffers()) {
            float[] changed = buffer.values().toArray();
            for (int i = 0; i < changed.length; i++) {
                changed[i] += 0.3f * random.nextFloat();
            }
            buffer.values().set(changed);
        }
    }

    private static float[] normal(RandomGenerator random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] run(OrtEnvironment runtime, byte[] model, String name, OnnxTensor input) throws OrtException {
        try (OrtSession session = runtime.createSession(model);
                OrtSession.Result result = session.run(Map.of(name, input))) {
            FloatBuffer embeddings = ((OnnxTensor) result.get("embeddings").orElseThrow()).getFloatBuffer();
            float[] values = new float[embeddings.remaining()];
            embeddings.get(values);
            return values;
        }
    }
}
