package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Picture operations equal Pillow's and torchvision's on the cases of the golden folder. */
class ImageOpsGoldenTest {

    private record U8(byte[] px, int height, int width) {}

    private final Path folder = folder();
    private final ByteBuffer file = ByteBuffer.wrap(read("images.safetensors")).order(ByteOrder.LITTLE_ENDIAN);
    private final int headerLength = (int) file.getLong(0);
    private final JsonNode header =
            JsonMapper.shared().readTree(new String(file.array(), 8, headerLength, StandardCharsets.UTF_8));

    @TestFactory
    List<DynamicTest> imageCases(TestReporter reporter) {
        List<DynamicTest> tests = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        JsonNode cases = JsonMapper.shared().readTree(read("cases.json")).required("cases");
        for (JsonNode golden : cases) {
            if (!golden.required("file").asString().startsWith("images")) {
                continue;
            }
            String id = golden.required("id").asString();
            Optional<double[]> result = compute(golden);
            if (result.isEmpty()) {
                skipped.add(id);
            } else {
                tests.add(DynamicTest.dynamicTest(id, () -> compare(golden, result.get())));
            }
        }
        reporter.publishEntry("skipped", String.join(" ", skipped));
        assertThat(tests).hasSizeGreaterThan(20);
        return tests;
    }

    private Optional<double[]> compute(JsonNode golden) {
        U8 in = u8(golden.required("inputs").required("image").asString());
        byte[] px = in.px.clone();
        JsonNode attrs = golden.required("attrs");
        float factor = attrs.path("factor").floatValue(0);
        String op = golden.required("op").asString();
        switch (op) {
            case "resize" ->
                px = filter(attrs).resize(px, in.height, in.width, whole(attrs, "height"), whole(attrs, "width"));
            case "resized_crop" ->
                px = filter(attrs)
                        .resizedCrop(
                                px,
                                in.width,
                                whole(attrs, "top"),
                                whole(attrs, "left"),
                                whole(attrs, "height"),
                                whole(attrs, "width"),
                                whole(attrs, "out"),
                                whole(attrs, "out"));
            case "resize_center_crop" ->
                px = filter(attrs).resizeCenterCrop(px, in.height, in.width, whole(attrs, "size"));
            case "hflip" -> ImageOps.hflip(px, in.height, in.width);
            case "grayscale" -> ImageOps.grayscale(px);
            case "gaussian_blur" ->
                ImageOps.gaussianBlur(
                        px,
                        in.height,
                        in.width,
                        whole(attrs, "kernel"),
                        attrs.required("sigma").floatValue());
            case "color_jitter" -> {
                JsonNode order = attrs.required("order");
                for (int i = 0; i < order.size(); i++) {
                    colour(
                            order.get(i).asString(),
                            px,
                            attrs.required("factors").get(i).floatValue());
                }
            }
            case "brightness", "contrast", "saturation", "hue" -> colour(op, px, factor);
            case "to_tensor_normalize" -> {
                float[] out = new float[px.length];
                ImageOps.toTensorNormalize(px, floats(attrs.required("mean")), floats(attrs.required("std")), out, 0);
                double[] wide = new double[out.length];
                for (int i = 0; i < out.length; i++) {
                    wide[i] = out[i];
                }
                return Optional.of(wide);
            }
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(levels(px));
    }

    private static void colour(String op, byte[] px, float factor) {
        switch (op) {
            case "brightness" -> ImageOps.brightness(px, factor);
            case "contrast" -> ImageOps.contrast(px, factor);
            case "saturation" -> ImageOps.saturation(px, factor);
            case "hue" -> ImageOps.hue(px, factor);
            default -> throw new AssertionError(op);
        }
    }

    private void compare(JsonNode golden, double[] got) {
        JsonNode tolerance = golden.required("tol").required("outputs").required("y");
        double atol = tolerance.get(0).asDouble();
        double rtol = tolerance.get(1).asDouble();
        double[] want = tensor(golden.required("outputs").required("y").asString());
        assertThat(got).hasSameSizeAs(want);
        double worst = 0;
        for (int i = 0; i < want.length; i++) {
            worst = Math.max(worst, Math.abs(got[i] - want[i]) - rtol * Math.abs(want[i]));
        }
        assertThat(worst).as("largest difference beyond the relative part").isLessThanOrEqualTo(atol);
    }

    private U8 u8(String name) {
        JsonNode entry = header.required(name);
        JsonNode shape = entry.required("shape");
        byte[] bytes = new byte[shape.get(0).asInt() * shape.get(1).asInt() * 3];
        file.get(start(entry), bytes);
        return new U8(bytes, shape.get(0).asInt(), shape.get(1).asInt());
    }

    private double[] tensor(String name) {
        JsonNode entry = header.required(name);
        int begin = start(entry);
        int bytes = entry.required("data_offsets").get(1).asInt()
                - entry.required("data_offsets").get(0).asInt();
        if (entry.required("dtype").asString().equals("U8")) {
            byte[] px = new byte[bytes];
            file.get(begin, px);
            return levels(px);
        }
        double[] values = new double[bytes / 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = file.getFloat(begin + 4 * i);
        }
        return values;
    }

    private int start(JsonNode entry) {
        return 8 + headerLength + entry.required("data_offsets").get(0).asInt();
    }

    private static double[] levels(byte[] px) {
        double[] out = new double[px.length];
        for (int i = 0; i < px.length; i++) {
            out[i] = px[i] & 0xff;
        }
        return out;
    }

    private static float[] floats(JsonNode array) {
        float[] out = new float[array.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = array.get(i).floatValue();
        }
        return out;
    }

    private static Resampling filter(JsonNode attrs) {
        return attrs.required("filter").asString().equals("bilinear") ? Resampling.BILINEAR : Resampling.BICUBIC;
    }

    private static int whole(JsonNode attrs, String key) {
        return attrs.required(key).asInt();
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        String given = System.getProperty("org.safeclip.golden");
        if (given != null) {
            return Path.of(given);
        }
        URL copy = Objects.requireNonNull(ImageOpsGoldenTest.class.getResource("/golden/cases.json"));
        try {
            return Objects.requireNonNull(Path.of(copy.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
