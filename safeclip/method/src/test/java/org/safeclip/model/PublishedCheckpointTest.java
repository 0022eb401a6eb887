package org.safeclip.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.TestPairs;
import org.safeclip.golden.PublishedFile;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Module;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.io.Checkpoint;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Models of the published sizes have the published tensors, whose files load tensor by tensor and are refused by name. */
class PublishedCheckpointTest {
    private static final int VOCABULARY = 49_408;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"vit-b-32, 151277313", "rn50, 102007137"})
    void aModelOfThePublishedSizesHasThePublishedTensors(String name, long parameters) {
        ClipModel model = weightless(name);
        assertThat(model.count()).isEqualTo(parameters);
        assertThat(shapes(model)).containsExactlyInAnyOrderEntriesOf(published(name));
    }

    @Test
    void theDefaultsAreAsLargeAsTheySay() {
        assertThat(weightless(ClipConfig.defaults()).count()).isEqualTo(606_305);
        VisionConfig vision = new VisionConfig(List.of(), 4, List.of(), 128, 4, 4, false);
        ClipConfig small = new ClipConfig(32, 128, true, vision, new TextConfig(4096, 32, 128, 2, 4));
        assertThat(weightless(small).count()).isEqualTo(1_766_145);
    }

    @ParameterizedTest
    @CsvSource({"vit-b-32, F32", "vit-b-32, F16", "rn50, F16", "rn50, BF16"})
    void wholeFilesLoad(String name, String dtype) throws Exception {
        PublishedFile file = PublishedNames.file(published(name), dtype);
        Checkpoint.load(file.write(folder.resolve("whole.safetensors")), weightless(name), null);
    }

    @Test
    void tensorsOfOtherSoftwareAreNoneOfOurs() throws Exception {
        PublishedFile file = PublishedNames.file(published("rn50"), "F16")
                .add("attn_mask", "F32", List.of(77, 77))
                .add("logit_bias", "F32", List.of())
                .add("input_resolution", "I64", List.of())
                .add("visual.bn1.num_batches_tracked", "I64", List.of());
        Checkpoint.load(file.write(folder.resolve("extras.safetensors")), weightless("rn50"), null);

        file.add("visual.head.weight", "F16", List.of(2, 2));
        assertThatThrownBy(() ->
                        Checkpoint.load(file.write(folder.resolve("unexpected.safetensors")), weightless("rn50"), null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("unexpected.safetensors: the model has no tensor 'visual.head.weight';");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "visual.layer3.5.bn2.running_var",
                "visual.attnpool.positional_embedding",
                "token_embedding.weight",
                "logit_scale"
            })
    void whatIsMissingIsNamed(String name) throws Exception {
        Path file =
                PublishedNames.file(published("rn50"), "F16").remove(name).write(folder.resolve("file.safetensors"));
        assertThatThrownBy(() -> Checkpoint.load(file, weightless("rn50"), null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("file.safetensors: the file has no tensor '" + name + "';");
    }

    @ParameterizedTest
    @ValueSource(strings = {"visual.proj", "visual.positional_embedding", "positional_embedding", "text_projection"})
    void whatIsMisshapenIsNamed(String name) throws Exception {
        Path file = PublishedNames.file(published("vit-b-32"), "F16")
                .change(
                        name,
                        entry -> new PublishedFile.Entry(
                                "F16",
                                Stream.concat(
                                                Stream.of(3),
                                                entry.shape().stream().skip(1))
                                        .toList()))
                .write(folder.resolve("file.safetensors"));
        assertThatThrownBy(() -> Checkpoint.load(file, weightless("vit-b-32"), null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("file.safetensors: tensor '" + name + "' has the shape [3, ");
    }

    static Stream<VisionConfig> encoders() {
        return Stream.of(
                TestPairs.TRANSFORMER,
                TestPairs.CONVOLUTIONS,
                new VisionConfig(List.of(), 0, List.of(1, 1, 1, 1), 8, 0, 2, false));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void numbersArriveInBothWidths(VisionConfig encoder) throws Exception {
        ClipConfig config = new ClipConfig(32, 8, true, encoder, new TextConfig(600, 32, 16, 1, 2));
        try (Backend backend = Backends.open("scalar")) {
            ClipModel source = ClipModel.random(config, backend, new SplittableRandom(3));
            PublishedFile file = new PublishedFile();
            int odd = 0;
            for (Map.Entry<String, NdArray> tensor : tensors(source).entrySet()) {
                NdArray values = tensor.getValue();
                file.add(
                        tensor.getKey(),
                        odd++ % 2 == 0 ? "F16" : "F32",
                        PublishedFile.shape(values.shape().dims()),
                        values.toArray());
            }
            ClipModel loaded = ClipModel.random(config, backend, new SplittableRandom(4));
            Checkpoint.load(file.write(folder.resolve("tiny.safetensors")), loaded, null);

            Map<String, NdArray> got = tensors(loaded);
            int place = 0;
            for (Map.Entry<String, NdArray> tensor : tensors(source).entrySet()) {
                float[] want = tensor.getValue().toArray();
                for (int i = 0; place % 2 == 0 && i < want.length; i++) {
                    want[i] = Float.float16ToFloat(Float.floatToFloat16(want[i]));
                }
                assertThat(got.get(tensor.getKey()).toArray())
                        .as(tensor.getKey())
                        .containsExactly(want);
                place++;
            }
        }
    }

    private static Map<String, List<Integer>> published(String name) {
        return name.equals("rn50") ? PublishedNames.rn50() : PublishedNames.vitB32();
    }

    private static ClipModel weightless(String name) {
        return weightless(
                name.equals("rn50")
                        ? new ClipConfig(
                                224,
                                1024,
                                true,
                                new VisionConfig(List.of(), 0, List.of(3, 4, 6, 3), 64, 0, 32, true),
                                new TextConfig(VOCABULARY, 77, 512, 12, 8))
                        : new ClipConfig(
                                224,
                                512,
                                true,
                                new VisionConfig(List.of(), 32, List.of(), 768, 12, 12, false),
                                new TextConfig(VOCABULARY, 77, 512, 12, 8)));
    }

    private static ClipModel weightless(ClipConfig config) {
        RandomGenerator zeros = new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextGaussian() {
                return 0; // not stored
            }
        };
        return ClipModel.random(config, new Weightless(), zeros);
    }

    private static Map<String, List<Integer>> shapes(Module module) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        tensors(module)
                .forEach((name, values) ->
                        shapes.put(name, PublishedFile.shape(values.shape().dims())));
        return shapes;
    }

    private static Map<String, NdArray> tensors(Module module) {
        Map<String, NdArray> tensors = new LinkedHashMap<>();
        for (Parameter parameter : module.parameters()) {
            tensors.put(parameter.name(), parameter.tensor().value());
        }
        for (Buffer buffer : module.buffers()) {
            tensors.put(buffer.name(), buffer.values());
        }
        return tensors;
    }
}
