package org.safeclip.experiments.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.safeclip.tensor.NdArray;

/**
 * A graph of ONNX in the making: every operation takes the names of values and gives the name of its result. The numbers of fields are
 * those of onnx.proto.
 */
final class OnnxGraph {
    private static final int FLOAT = 1;
    private static final int INT_32 = 6;
    private static final int INT_64 = 7;
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private final Protobuf graph = new Protobuf();
    private int names;

    /** A result of an operation. */
    String node(String type, List<String> inputs, Protobuf... attributes) {
        return nodes(type, inputs, 1, attributes).getFirst();
    }

    /** The results of an operation. */
    List<String> nodes(String type, List<String> inputs, int results, Protobuf... attributes) {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            outputs.add(type.toLowerCase(Locale.ROOT) + names++);
        }
        add(type, inputs, outputs, attributes);
        return outputs;
    }

    private void add(String type, List<String> inputs, List<String> outputs, Protobuf... attributes) {
        Protobuf node = new Protobuf();
        inputs.forEach(name -> node.text(1, name));
        outputs.forEach(name -> node.text(2, name));
        node.text(4, type);
        for (Protobuf attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, node);
    }

    /** A whole number as an attribute. */
    static Protobuf with(String name, long value) {
        return new Protobuf().text(1, name).integer(3, value).integer(20, 2);
    }

    /** A real number as an attribute. */
    static Protobuf with(String name, float value) {
        return new Protobuf().text(1, name).float32(2, value).integer(20, 1);
    }

    /** Whole numbers as an attribute. */
    static Protobuf with(String name, int... values) {
        Protobuf attribute = new Protobuf().text(1, name);
        for (int value : values) {
            attribute.integer(8, value);
        }
        return attribute.integer(20, 7);
    }

    /** Weights. */
    String constant(NdArray values) {
        return constant(values.toArray(), values.shape().dims());
    }

    /** Real numbers. */
    String constant(float[] values, int... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(FLOAT, bytes.array(), dims);
    }

    /** Whole numbers in one dimension, such as a shape. */
    String shape(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(INT_64, bytes.array(), values.length);
    }

    private String constant(int type, byte[] bytes, int... dims) {
        String name = "constant" + names++;
        Protobuf tensor = new Protobuf();
        for (int dim : dims) {
            tensor.integer(1, dim);
        }
        graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, bytes));
        return name;
    }

    /** An input of real numbers, {@code [batch, ...]}. */
    String floats(String name, int... dims) {
        graph.message(11, value(name, FLOAT, dims));
        return name;
    }

    /** An input of whole numbers, {@code [batch, ...]}, of which the operations see 32 bits. */
    String integers(String name, int... dims) {
        graph.message(11, value(name, INT_64, dims));
        return node("Cast", List.of(name), with("to", (long) INT_32));
    }

    /** A value as an output of real numbers, {@code [batch, ...]}. */
    void output(String name, String value, int... dims) {
        add("Identity", List.of(value), List.of(name));
        graph.message(12, value(name, FLOAT, dims));
    }

    private static Protobuf value(String name, int type, int... dims) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "batch"));
        for (int dim : dims) {
            shape.message(1, new Protobuf().integer(1, dim));
        }
        Protobuf tensor = new Protobuf().integer(1, type).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }

    /** The file. */
    byte[] model(String name) {
        graph.text(2, name);
        return new Protobuf()
                .integer(1, IR_VERSION)
                .text(2, "safeclip")
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPSET))
                .toBytes();
    }
}
