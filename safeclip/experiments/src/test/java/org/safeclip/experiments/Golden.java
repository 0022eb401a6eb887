package org.safeclip.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Reads the golden values: cases and their tensors from the folder {@code -Dorg.safeclip.golden}, else from the copy in
 * the test resources.
 */
public final class Golden {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Archive> ARCHIVES = new ConcurrentHashMap<>();

    private Golden() {}

    /** Every case of one operation; fails if the operation has no case. */
    public static List<Case> cases(String op) {
        List<Case> found = new ArrayList<>();
        for (JsonNode node : JSON.readTree(read("cases.json")).get("cases")) {
            if (node.get("op").asString().equals(op)) {
                found.add(new Case(node, node.get("id").asString()));
            }
        }
        assertThat(found).as("golden cases of %s", op).isNotEmpty();
        return found;
    }

    private static byte[] read(String file) {
        String folder = System.getProperty("org.safeclip.golden");
        try {
            if (folder != null) {
                return Files.readAllBytes(Path.of(folder, file));
            }
            try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
                if (in == null) {
                    throw new IllegalStateException("golden file " + file
                            + " is not among the test resources; name its folder with -Dorg.safeclip.golden=DIR");
                }
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One safetensors file: its header and the bytes behind it. */
    private record Archive(JsonNode header, ByteBuffer data) {
        static Archive open(String file) {
            byte[] bytes = read(file);
            ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int length = Math.toIntExact(all.getLong(0));
            String header = new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8);
            ByteBuffer data = all.slice(Long.BYTES + length, bytes.length - Long.BYTES - length);
            return new Archive(JSON.readTree(header), data.order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** One golden case: its description, and its tensors by role (inputs, then outputs, then parameters). */
    public record Case(JsonNode node, String id) {

        @Override
        public String toString() {
            return id;
        }

        /** The attributes as JSON values. */
        public JsonNode attrs() {
            return node.get("attrs");
        }

        /** The shape of the tensor in this role. */
        public int[] shape(String role) {
            return dims(entry(role));
        }

        /** The roles of one part of the case: inputs, params, outputs, dy, grads or param_grads; none where it is absent. */
        public List<String> roles(String part) {
            return node.has(part) ? List.copyOf(node.get(part).propertyNames()) : List.of();
        }

        /** The shape of the tensor that one part of the case has in this role. */
        public int[] shape(String part, String role) {
            return dims(entry(part, role));
        }

        /** 32-bit floats that one part of the case has in this role: the same role may have a value and a gradient. */
        public float[] f32(String part, String role) {
            ByteBuffer data = data(entry(part, role), role, "F32");
            float[] values = new float[data.remaining() / Float.BYTES];
            data.asFloatBuffer().get(values);
            return values;
        }

        /** {@link #assertClose(String, double...)} for one part of the case: outputs, grads or param_grads. */
        public void assertClose(String part, String role, float[] got) {
            float[] want = f32(part, role);
            JsonNode tol = node.get("tol").get(part).get(role);
            assertClose(
                    id + " " + part,
                    role,
                    widen(got),
                    widen(want),
                    tol.get(0).asDouble(),
                    tol.get(1).asDouble());
        }

        private static int[] dims(JsonNode entry) {
            JsonNode shape = entry.get("shape");
            int[] dims = new int[shape.size()];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = shape.get(i).asInt();
            }
            return dims;
        }

        /** Whether the case has a tensor in this role. */
        public boolean has(String role) {
            return tensorName(role) != null;
        }

        /** A tensor of 32-bit floats. */
        public float[] f32(String role) {
            ByteBuffer data = data(role, "F32");
            float[] values = new float[data.remaining() / Float.BYTES];
            data.asFloatBuffer().get(values);
            return values;
        }

        /** A tensor of 64-bit floats. */
        public double[] f64(String role) {
            ByteBuffer data = data(role, "F64");
            double[] values = new double[data.remaining() / Double.BYTES];
            data.asDoubleBuffer().get(values);
            return values;
        }

        /** A tensor of 32-bit integers. */
        public int[] i32(String role) {
            ByteBuffer data = data(role, "I32");
            int[] values = new int[data.remaining() / Integer.BYTES];
            data.asIntBuffer().get(values);
            return values;
        }

        /** A tensor of unsigned bytes. */
        public byte[] u8(String role) {
            ByteBuffer data = data(role, "U8");
            byte[] values = new byte[data.remaining()];
            data.get(values);
            return values;
        }

        /** A tensor of any stored type, widened to double. */
        public double[] numbers(String role) {
            return switch (dtype(role)) {
                case "F64" -> f64(role);
                case "F32" -> widen(f32(role));
                case "I32" -> {
                    int[] values = i32(role);
                    double[] wide = new double[values.length];
                    for (int i = 0; i < wide.length; i++) {
                        wide[i] = values[i];
                    }
                    yield wide;
                }
                default -> {
                    byte[] values = u8(role);
                    double[] wide = new double[values.length];
                    for (int i = 0; i < wide.length; i++) {
                        wide[i] = values[i] & 0xff;
                    }
                    yield wide;
                }
            };
        }

        /** The stored type of the tensor in this role: F64, F32, I32 or U8. */
        public String dtype(String role) {
            return entry(role).get("dtype").asString();
        }

        /** The tolerance of an output: absolute, then relative. */
        public double[] tol(String role) {
            JsonNode tol = node.get("tol").get("outputs").get(role);
            return new double[] {tol.get(0).asDouble(), tol.get(1).asDouble()};
        }

        /** Asserts |got - want| <= atol + rtol |want| for every element of an output. */
        public void assertClose(String role, double... got) {
            double[] tol = tol(role);
            assertClose(id, role, got, numbers(role), tol[0], tol[1]);
        }

        private static void assertClose(
                String where, String role, double[] got, double[] want, double absolute, double relative) {
            assertThat(got.length).as("%s %s: number of values", where, role).isEqualTo(want.length);
            for (int i = 0; i < want.length; i++) {
                double error = Math.abs(got[i] - want[i]);
                // written so that NaN fails
                if (!(error <= absolute + relative * Math.abs(want[i]))) {
                    fail("%s %s[%d]: got %s, want %s, error %s", where, role, i, got[i], want[i], error);
                }
            }
        }

        /** {@link #assertClose(String, double...)} for floats. */
        public void assertClose(String role, float[] got) {
            assertClose(role, widen(got));
        }

        static double[] widen(float[] values) {
            double[] wide = new double[values.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = values[i];
            }
            return wide;
        }

        private ByteBuffer data(String role, String dtype) {
            return data(entry(role), role, dtype);
        }

        private ByteBuffer data(JsonNode entry, String role, String dtype) {
            assertThat(entry.get("dtype").asString())
                    .as("%s %s: type", id, role)
                    .isEqualTo(dtype);
            int begin = entry.get("data_offsets").get(0).asInt();
            int end = entry.get("data_offsets").get(1).asInt();
            return archive().data().slice(begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
        }

        private JsonNode entry(String part, String role) {
            assertThat(roles(part)).as("%s: roles of %s", id, part).contains(role);
            return archive().header().get(node.get(part).get(role).asString());
        }

        private JsonNode entry(String role) {
            String name = tensorName(role);
            assertThat(name).as("%s: tensor in role %s", id, role).isNotNull();
            return archive().header().get(name);
        }

        private Archive archive() {
            return ARCHIVES.computeIfAbsent(node.get("file").asString(), Archive::open);
        }

        private @Nullable String tensorName(String role) {
            for (String part : List.of("inputs", "outputs", "params")) {
                JsonNode roles = node.get(part);
                if (roles != null && roles.has(role)) {
                    return roles.get(role).asString();
                }
            }
            return null;
        }
    }
}
