package org.safeclip.golden;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One safetensors file: its header and the bytes behind it. */
record GoldenTensors(Map<?, ?> header, ByteBuffer data) {
    private static final Map<String, GoldenTensors> OPEN = new ConcurrentHashMap<>();

    static GoldenTensors of(String file) {
        return OPEN.computeIfAbsent(file, GoldenTensors::open);
    }

    private static GoldenTensors open(String file) {
        byte[] bytes = Golden.bytes(file);
        int length = Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        int start = Long.BYTES + length;
        Object header = GoldenJson.parse(new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8));
        return new GoldenTensors((Map<?, ?>) header, ByteBuffer.wrap(bytes).slice(start, bytes.length - start));
    }

    /**
     * One tensor.
     *
     * @param type {@code F64}, {@code F32}, {@code I32} or {@code U8}
     * @param data its bytes, little-endian
     */
    record Entry(String type, int[] shape, ByteBuffer data) {
        /** The numbers, widened. */
        double[] numbers() {
            int size = switch (type) {
                case "F64" -> Double.BYTES;
                case "F32", "I32" -> 4;
                case "U8" -> 1;
                default -> throw new IllegalArgumentException("golden type " + type);
            };
            double[] numbers = new double[data.remaining() / size];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = switch (type) {
                    case "F64" -> data.getDouble(i * size);
                    case "F32" -> data.getFloat(i * size);
                    case "I32" -> data.getInt(i * size);
                    default -> data.get(i) & 0xff;
                };
            }
            return numbers;
        }
    }

    Entry get(String name) {
        Map<?, ?> entry = (Map<?, ?>) header.get(name);
        int[] span = integers(entry.get("data_offsets"));
        ByteBuffer bytes = data.slice(span[0], span[1] - span[0]).order(ByteOrder.LITTLE_ENDIAN);
        return new Entry((String) entry.get("dtype"), integers(entry.get("shape")), bytes);
    }

    private static int[] integers(Object json) {
        return ((List<?>) json).stream().mapToInt(each -> (int) (double) each).toArray();
    }
}
