package org.safeclip.nn.io;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors header, verified against the data that follows it: known types, spans that fit their shapes and
 * that tile the data without overlap or hole.
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
    private static final String METADATA = "__metadata__";

    /** Where one tensor lies, in bytes from the end of the header. */
    record Entry(DType dtype, List<Integer> shape, long begin, long end) {
        /** Number of elements. */
        int count() {
            return (int) ((end - begin) / dtype.bytes());
        }
    }

    /** Reads a header that stands before {@code dataBytes} bytes of data. */
    static SafeTensorsHeader parse(byte[] bytes, long dataBytes) {
        if (bytes[0] != '{') {
            throw new CheckpointException("not a safetensors file: the header does not start with '{'");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CheckpointException("the header is not UTF-8", e);
        }
        Map<String, String> metadata = new TreeMap<>();
        Map<String, Entry> entries = new LinkedHashMap<>();
        object(Json.read(text), "the header").forEach((name, value) -> {
            if (name.equals(METADATA)) {
                object(value, METADATA).forEach((key, line) -> {
                    if (!(line instanceof String string)) {
                        throw new CheckpointException(METADATA + " '" + key + "' is not a string");
                    }
                    metadata.put(key, string);
                });
            } else {
                entries.put(name, entry(name, object(value, "tensor '" + name + "'"), dataBytes));
            }
        });
        refuseOverlapAndHoles(entries, dataBytes);
        return new SafeTensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(entries));
    }

    /** The header as bytes, padded with spaces to a multiple of eight; equal content gives equal bytes. */
    byte[] toBytes() {
        StringBuilder out = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            new TreeMap<>(metadata)
                    .forEach((key, line) -> lines.append(lines.isEmpty() ? "" : ",")
                            .append(Json.quote(key))
                            .append(':')
                            .append(Json.quote(line)));
            out.append(Json.quote(METADATA)).append(":{").append(lines).append('}');
        }
        entries.forEach((name, entry) -> out.append(out.length() == 1 ? "" : ",")
                .append(Json.quote(name))
                .append(":{\"dtype\":\"")
                .append(entry.dtype())
                .append("\",\"shape\":")
                .append(entry.shape().toString().replace(" ", ""))
                .append(",\"data_offsets\":[")
                .append(entry.begin())
                .append(',')
                .append(entry.end())
                .append("]}"));
        byte[] text = out.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, 8) * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static Entry entry(String name, Map<String, Object> fields, long dataBytes) {
        if (!fields.keySet().equals(Set.of("dtype", "shape", "data_offsets"))) {
            throw new CheckpointException("tensor '" + name + "' has the fields " + fields.keySet()
                    + ", expected dtype, shape, data_offsets");
        }
        DType dtype = dtype(name, fields.get("dtype"));
        List<Long> shape = integers(fields.get("shape"), "the shape of tensor '" + name + "'");
        List<Long> offsets = integers(fields.get("data_offsets"), "the offsets of tensor '" + name + "'");
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw new CheckpointException(
                    "tensor '" + name + "' has the offsets " + offsets + ", expected [begin, end]");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (end > dataBytes) {
            throw new CheckpointException("tensor '" + name + "' ends at byte " + end + " of the data, but only "
                    + dataBytes + " are there: the file is cut off");
        }
        int count = 1; // an array holds no more than an int can count
        List<Integer> dims = new ArrayList<>();
        try {
            for (long dim : shape) {
                dims.add(Math.toIntExact(dim));
                count = Math.multiplyExact(count, Math.toIntExact(dim));
            }
        } catch (ArithmeticException e) {
            throw new CheckpointException("tensor '" + name + "' is too large: shape " + shape, e);
        }
        long bytes = (long) count * dtype.bytes();
        if (bytes != end - begin) {
            throw new CheckpointException("tensor '" + name + "' spans " + (end - begin) + " bytes, but " + dtype + " "
                    + shape + " needs " + bytes);
        }
        return new Entry(dtype, List.copyOf(dims), begin, end);
    }

    private static void refuseOverlapAndHoles(Map<String, Entry> entries, long dataBytes) {
        List<Map.Entry<String, Entry>> inFileOrder = new ArrayList<>(entries.entrySet());
        inFileOrder.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                        e -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long end = 0;
        for (Map.Entry<String, Entry> next : inFileOrder) {
            long begin = next.getValue().begin();
            if (begin != end) {
                throw new CheckpointException("tensor '" + next.getKey() + "' begins at byte " + begin
                        + " of the data, expected " + end + (begin < end ? ": tensors overlap" : ": there is a hole"));
            }
            end = next.getValue().end();
        }
        if (end != dataBytes) {
            throw new CheckpointException((dataBytes - end) + " bytes behind the last tensor belong to none");
        }
    }

    private static DType dtype(String name, @Nullable Object value) {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(value)) {
                return dtype;
            }
        }
        throw new CheckpointException("tensor '" + name + "' has the unknown type " + value + ", expected one of "
                + Arrays.toString(DType.values()));
    }

    private static List<Long> integers(@Nullable Object value, String what) {
        if (!(value instanceof List<?> list)) {
            throw new CheckpointException(what + ": expected a list of integers");
        }
        List<Long> numbers = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof BigDecimal number) || number.scale() != 0 || number.signum() < 0) {
                throw new CheckpointException(what + ": " + item + " is not a whole number from 0");
            }
            try {
                numbers.add(number.longValueExact());
            } catch (ArithmeticException e) {
                throw new CheckpointException(what + ": " + item + " is too large", e);
            }
        }
        return numbers;
    }

    @SuppressWarnings("unchecked") // the reader makes objects of this one type only
    private static Map<String, Object> object(Object value, String what) {
        if (!(value instanceof Map<?, ?>)) {
            throw new CheckpointException(what + ": expected a JSON object");
        }
        return (Map<String, Object>) value;
    }
}
