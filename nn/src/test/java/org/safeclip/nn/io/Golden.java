package org.safeclip.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;

/**
 * Reads the golden values: cases and their tensors from the folder {@code -Dorg.safeclip.golden}, else from the copy in
 * the test resources.
 */
@SuppressWarnings("unchecked")
public final class Golden {
    private static final Map<String, ByteBuffer> FILES = new ConcurrentHashMap<>();
    private static final Map<String, Map<String, Object>> HEADERS = new ConcurrentHashMap<>();

    private Golden() {}

    /** Every case of one operation; an operation without any case is a mistake of the test and fails. */
    public static List<Case> cases(String op) {
        Map<String, Object> all =
                (Map<String, Object>) Json.read(new String(bytes("cases.json"), StandardCharsets.UTF_8));
        List<Case> found = ((List<Map<String, Object>>) all.get("cases"))
                .stream()
                        .filter(node -> op.equals(node.get("op")))
                        .map(Case::new)
                        .toList();
        assertThat(found).as("golden cases of %s", op).isNotEmpty();
        return found;
    }

    private static byte[] bytes(String file) {
        String folder = System.getProperty("org.safeclip.golden");
        try {
            if (folder != null) {
                return Files.readAllBytes(Path.of(folder, file));
            }
            try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
                if (in == null) {
                    throw new IllegalStateException("golden file " + file + " is not among the test resources");
                }
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read golden file " + file, e);
        }
    }

    /** One case: its description and, by group ({@code inputs}, {@code outputs}, ...) and role, its tensors. */
    public record Case(Map<String, Object> node) {

        @Override
        public String toString() {
            return (String) node.get("id");
        }

        /** A numeric attribute. */
        public double number(String attribute) {
            return ((BigDecimal) attributes().get(attribute)).doubleValue();
        }

        /** Any attribute, as the JSON reader gives it. */
        public Map<String, Object> attributes() {
            return (Map<String, Object>) node.get("attrs");
        }

        /** A tensor of floats, on a backend. */
        public NdArray array(Backend backend, String group, String role) {
            Map<String, Object> entry = entry(group, role);
            int[] dims = ((List<BigDecimal>) entry.get("shape"))
                    .stream().mapToInt(BigDecimal::intValue).toArray();
            double[] numbers = numbers(group, role);
            float[] floats = new float[numbers.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) numbers[i];
            }
            return NdArray.of(backend, Shape.of(dims), floats);
        }

        /** A tensor of F32, F64 or I32, widened. */
        public double[] numbers(String group, String role) {
            Map<String, Object> entry = entry(group, role);
            ByteBuffer all = file();
            int start = Long.BYTES + Math.toIntExact(all.getLong(0));
            List<BigDecimal> span = (List<BigDecimal>) entry.get("data_offsets");
            int begin = span.get(0).intValue();
            ByteBuffer data =
                    all.slice(start + begin, span.get(1).intValue() - begin).order(ByteOrder.LITTLE_ENDIAN);
            String dtype = (String) entry.get("dtype");
            double[] numbers =
                    new double[data.remaining() / DType.valueOf(dtype).bytes()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = switch (dtype) {
                    case "F32" -> data.getFloat();
                    case "F64" -> data.getDouble();
                    case "I32" -> data.getInt();
                    default -> throw new IllegalStateException("golden type " + dtype);
                };
            }
            return numbers;
        }

        /** Asserts |got - want| <= atol + rtol |want| for every element. */
        public void assertClose(String group, String role, float... got) {
            double[] wide = new double[got.length];
            for (int i = 0; i < got.length; i++) {
                wide[i] = got[i];
            }
            assertClose(group, role, wide);
        }

        /** Compares results in double precision with the golden values. */
        public void assertClose(String group, String role, double... got) {
            double[] want = numbers(group, role);
            Map<String, Object> tolerances = (Map<String, Object>) node.get("tol");
            List<BigDecimal> tolerance = (List<BigDecimal>) ((Map<String, Object>) tolerances.get(group)).get(role);
            assertThat(got.length).as("%s %s: number of values", this, role).isEqualTo(want.length);
            for (int i = 0; i < want.length; i++) {
                double limit = tolerance.get(0).doubleValue() + tolerance.get(1).doubleValue() * Math.abs(want[i]);
                double error = Math.abs(got[i] - want[i]);
                if (!(error <= limit)) { // so that NaN fails
                    fail("%s %s[%d]: got %s, want %s, error %s over %s", this, role, i, got[i], want[i], error, limit);
                }
            }
        }

        private Map<String, Object> entry(String group, String role) {
            String name = (String) ((Map<String, Object>) node.get(group)).get(role);
            return (Map<String, Object>) HEADERS.computeIfAbsent((String) node.get("file"), file -> header())
                    .get(name);
        }

        private Map<String, Object> header() {
            byte[] text = new byte[Math.toIntExact(file().getLong(0))];
            file().get(Long.BYTES, text);
            return (Map<String, Object>) Json.read(new String(text, StandardCharsets.UTF_8));
        }

        private ByteBuffer file() {
            return FILES.computeIfAbsent(
                    (String) node.get("file"),
                    file -> ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN));
        }
    }
}
