package org.safeclip.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The golden values of one group: its cases, and its tensors out of a safetensors file. */
record GoldenFile(List<GoldenCase> cases, Map<String, Numbers> tensors) {

    /** One tensor; integers are held as floats too, which is exact for those here. */
    record Numbers(Shape shape, float... numbers) {
        int[] integers() {
            int[] integers = new int[numbers.length];
            Arrays.setAll(integers, i -> (int) numbers[i]);
            return integers;
        }
    }

    /** One case of cases.json; the maps go from role to name of tensor. */
    record GoldenCase(
            String id,
            String op,
            Map<String, String> inputs,
            Map<String, Object> attrs,
            Map<String, String> outputs,
            Map<String, String> dy,
            Map<String, String> grads,
            Map<String, Object> tolerances) {

        double[] tolerance(String part, String role) {
            List<?> pair = (List<?>) ((Map<?, ?>) tolerances.get(part)).get(role);
            return new double[] {(double) pair.get(0), (double) pair.get(1)};
        }

        boolean flag(String name) {
            return (boolean) attrs.getOrDefault(name, false);
        }

        int integer(String name) {
            return (int) (double) attrs.get(name);
        }

        float number(String name) {
            return (float) (double) attrs.get(name);
        }

        /** A list of integers; none where the attribute is null. */
        int[] integers(String name) {
            return attrs.get(name) instanceof List<?> list
                    ? list.stream().mapToInt(each -> (int) (double) each).toArray()
                    : new int[0];
        }
    }

    /** Reads the group from the folder that -Dorg.safeclip.golden names, or from the copy beside the tests. */
    static GoldenFile read(String group) throws IOException {
        String all = new String(bytes("cases.json"), StandardCharsets.UTF_8);
        List<?> cases = (List<?>) ((Map<?, ?>) GoldenJson.parse(all)).get("cases");
        return new GoldenFile(
                cases.stream()
                        .map(each -> (Map<?, ?>) each)
                        .filter(each -> (group + ".safetensors").equals(each.get("file")))
                        .map(GoldenFile::goldenCase)
                        .toList(),
                tensors(bytes(group + ".safetensors")));
    }

    private static byte[] bytes(String file) throws IOException {
        String folder = System.getProperty("org.safeclip.golden", "");
        if (!folder.isEmpty()) {
            return Files.readAllBytes(Path.of(folder, file));
        }
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + file)) {
            return in.readAllBytes();
        }
    }

    private static GoldenCase goldenCase(Map<?, ?> json) {
        return new GoldenCase(
                (String) json.get("id"),
                (String) json.get("op"),
                strings(json.get("inputs")),
                objects(json.get("attrs")),
                strings(json.get("outputs")),
                strings(json.get("dy")),
                strings(json.get("grads")),
                objects(json.get("tol")));
    }

    private static Map<String, Object> objects(Object json) {
        Map<String, Object> objects = new HashMap<>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((key, value) -> objects.put((String) key, value));
        }
        return objects;
    }

    private static Map<String, String> strings(Object json) {
        Map<String, String> strings = new HashMap<>();
        objects(json).forEach((key, value) -> strings.put(key, (String) value));
        return strings;
    }

    private static Map<String, Numbers> tensors(byte... file) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(buffer.getLong(0));
        Map<String, Object> header = objects(GoldenJson.parse(new String(file, 8, length, StandardCharsets.UTF_8)));
        Map<String, Numbers> tensors = new HashMap<>();
        header.forEach((name, entry) -> tensors.put(name, numbers(buffer, 8 + length, objects(entry))));
        return tensors;
    }

    private static Numbers numbers(ByteBuffer buffer, int start, Map<String, Object> entry) {
        int[] dims = ((List<?>) entry.get("shape"))
                .stream().mapToInt(each -> (int) (double) each).toArray();
        int from = start + (int) (double) ((List<?>) entry.get("data_offsets")).get(0);
        float[] numbers = new float[new Shape(dims).size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch ((String) entry.get("dtype")) {
                case "F32" -> buffer.getFloat(from + 4 * i);
                case "I32" -> buffer.getInt(from + 4 * i);
                default -> throw new IllegalArgumentException("data type " + entry.get("dtype"));
            };
        }
        return new Numbers(new Shape(dims), numbers);
    }
}
