package org.safeclip.golden;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;

/**
 * One case of {@code cases.json}: attributes, and tensors by part ({@code inputs}, {@code params}, {@code outputs}, {@code dy},
 * {@code grads}, {@code param_grads}, {@code grads_normalized}) and role. Methods without a part look for the role among the
 * inputs, then the outputs, then the parameters. It remembers what was read or compared.
 */
public final class GoldenCase {
    private static final List<String> PARTS =
            List.of("inputs", "outputs", "params", "dy", "grads", "param_grads", "grads_normalized");

    private final Map<?, ?> json;
    private final GoldenAttributes attributes;
    private final Set<String> asked = new ConcurrentSkipListSet<>(); // by the threads of a test

    private GoldenCase(Map<?, ?> json) {
        this.json = json;
        this.attributes = new GoldenAttributes(id(), part("attrs"));
    }

    static GoldenCase of(Map<?, ?> json) {
        return new GoldenCase(json);
    }

    /** The same case, of which nothing has been asked yet. */
    GoldenCase fresh() {
        return new GoldenCase(json);
    }

    /** Unique, {@code group/operation/variant}. */
    public String id() {
        return (String) json.get("id");
    }

    /** What is computed. */
    public String op() {
        return (String) json.get("op");
    }

    boolean is(String operationOrBeginning) {
        return op().equals(operationOrBeginning)
                || (operationOrBeginning.endsWith("/") && id().startsWith(operationOrBeginning));
    }

    @Override
    public String toString() {
        return id();
    }

    /** The attributes. */
    public GoldenAttributes attrs() {
        return attributes;
    }

    /** The roles of one part; none where it is absent. */
    public List<String> roles(String part) {
        return part(part).keySet().stream().map(String.class::cast).toList();
    }

    /** Whether there is such a tensor among inputs, outputs and parameters. */
    public boolean has(String role) {
        return PARTS.subList(0, 3).stream().anyMatch(part -> part(part).containsKey(role));
    }

    /** The shape of a tensor. */
    public int[] shape(String role) {
        return shape(partOf(role), role);
    }

    /** The shape of a tensor. */
    public int[] shape(String part, String role) {
        return entry(part, role).shape();
    }

    /** 32-bit floats. */
    public float[] f32(String role) {
        return f32(partOf(role), role);
    }

    /** 32-bit floats. */
    public float[] f32(String part, String role) {
        ByteBuffer data = read(part, role, "F32");
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    /** 64-bit floats. */
    public double[] f64(String role) {
        ByteBuffer data = read(partOf(role), role, "F64");
        double[] values = new double[data.remaining() / Double.BYTES];
        data.asDoubleBuffer().get(values);
        return values;
    }

    /** 32-bit integers. */
    public int[] i32(String role) {
        ByteBuffer data = read(partOf(role), role, "I32");
        int[] values = new int[data.remaining() / Integer.BYTES];
        data.asIntBuffer().get(values);
        return values;
    }

    /** Unsigned bytes. */
    public byte[] u8(String role) {
        ByteBuffer data = read(partOf(role), role, "U8");
        byte[] values = new byte[data.remaining()];
        data.get(values);
        return values;
    }

    /** Numbers of any stored type, widened. */
    public double[] numbers(String role) {
        return numbers(partOf(role), role);
    }

    /** Numbers of any stored type, widened. */
    public double[] numbers(String part, String role) {
        double[] numbers = entry(part, role).numbers();
        asked.add(part + " " + role);
        return numbers;
    }

    /** 32-bit floats as an array of a backend. */
    public NdArray array(Backend backend, String part, String role) {
        return NdArray.of(backend, Shape.of(shape(part, role)), f32(part, role));
    }

    /** Asserts |got − want| ≤ atol + rtol·|want| for every number of an output. */
    public void assertClose(String role, double... got) {
        assertClose("outputs", role, got);
    }

    /** Asserts |got − want| ≤ atol + rtol·|want| for every number of an output. */
    public void assertClose(String role, float[] got) {
        assertClose("outputs", role, got);
    }

    /** Asserts shape and numbers of an output or a gradient. */
    public void assertClose(String part, String role, NdArray got) {
        if (!got.shape().equals(Shape.of(shape(part, role)))) {
            throw new AssertionError(id() + " " + part + " " + role + ": shape " + got.shape() + ", want "
                    + Shape.of(shape(part, role)));
        }
        assertClose(part, role, got.toArray());
    }

    /** Asserts |got − want| ≤ atol + rtol·|want| for every number of an output or a gradient. */
    public void assertClose(String part, String role, float[] got) {
        double[] wide = new double[got.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = got[i];
        }
        assertClose(part, role, wide);
    }

    /** Asserts |got − want| ≤ atol + rtol·|want| for every number of an output or a gradient. */
    public void assertClose(String part, String role, double[] got) {
        double[] want = numbers(part, role);
        Map<?, ?> tolerances = (Map<?, ?>) ((Map<?, ?>) json.get("tol")).get(part);
        List<?> tolerance = (List<?>) tolerances.get(role);
        double absolute = (double) tolerance.get(0);
        double relative = (double) tolerance.get(1);
        String where = id() + " " + part + " " + role;
        if (got.length != want.length) {
            throw new AssertionError(where + ": " + got.length + " numbers, want " + want.length);
        }
        for (int i = 0; i < want.length; i++) {
            double error = Math.abs(got[i] - want[i]);
            double limit = absolute + relative * Math.abs(want[i]);
            if (!(error <= limit)) { // so that NaN fails
                throw new AssertionError(where + "[" + i + "]: got " + got[i] + ", want " + want[i] + ", error " + error
                        + " over " + limit);
            }
        }
    }

    /** Leaves a tensor out, for the reason given. */
    public void leave(String reason, String part, String role) {
        entry(part, role);
        if (reason.isBlank()) {
            throw new IllegalArgumentException(id() + ": a reason is needed to leave " + role + " out");
        }
        asked.add(part + " " + role);
    }

    /** Fails if something of the case was neither asked for nor left out. */
    void requireComplete() {
        List<String> forgotten = new ArrayList<>(attributes.forgotten());
        for (String part : PARTS) {
            for (String role : roles(part)) {
                if (!asked.contains(part + " " + role)) {
                    forgotten.add(part + " " + role);
                }
            }
        }
        if (!forgotten.isEmpty()) {
            throw new AssertionError(id() + ": the test does not ask for " + String.join(", ", forgotten));
        }
    }

    private Map<?, ?> part(String part) {
        return json.get(part) instanceof Map<?, ?> map ? map : Map.of();
    }

    private String partOf(String role) {
        return PARTS.subList(0, 3).stream()
                .filter(part -> part(part).containsKey(role))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id() + ": no tensor " + role));
    }

    private ByteBuffer read(String part, String role, String type) {
        GoldenTensors.Entry entry = entry(part, role);
        if (!entry.type().equals(type)) {
            throw new AssertionError(id() + " " + part + " " + role + ": type " + entry.type() + ", expected " + type);
        }
        asked.add(part + " " + role);
        return entry.data();
    }

    private GoldenTensors.Entry entry(String part, String role) {
        String name = (String) part(part).get(role);
        if (name == null) {
            throw new AssertionError(id() + ": no " + part + " " + role + " among " + roles(part));
        }
        return GoldenTensors.of((String) json.get("file")).get(name);
    }
}
