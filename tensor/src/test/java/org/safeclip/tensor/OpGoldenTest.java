package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenAttributes;
import org.safeclip.golden.GoldenCase;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.check.BackendChecks;
import org.safeclip.tensor.check.BackendChecks.Candidate;

/** Values and gradients of an independent implementation, at the tolerances it came with. */
final class OpGoldenTest {
    private static final List<Candidate> CANDIDATES = BackendChecks.candidates();

    @AfterAll
    static void close() {
        CANDIDATES.stream().map(Candidate::backend).forEach(backend -> {
            if (backend != null) {
                backend.close();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyCaseOnEveryBackend() {
        return CANDIDATES.stream()
                .flatMap(candidate -> Stream.ofNullable(candidate.backend()))
                .flatMap(backend -> Golden.tests("ops/").check(backend, (golden, on) -> new Run(golden, on).compare()));
    }

    /** One case on one backend. */
    private static final class Run {
        private final GoldenCase golden;
        private final Backend backend;
        private final Map<String, Tensor> leaves = new HashMap<>();

        Run(GoldenCase golden, Backend backend) {
            this.golden = golden;
            this.backend = backend;
        }

        void compare() {
            try (Scope _ = backend.scope()) {
                Map<String, Tensor> outputs = outputs();
                assertThat(outputs.keySet()).containsExactlyInAnyOrderElementsOf(golden.roles("outputs"));
                outputs.forEach((role, y) -> golden.assertClose("outputs", role, y.value()));
                List<String> sources = golden.roles("dy");
                if (!sources.isEmpty()) {
                    assertThat(sources).as("one output with a gradient").hasSize(1);
                    String source = sources.getFirst();
                    Gradients gradients = outputs.get(source).backward(golden.array(backend, "dy", source));
                    for (String input : golden.roles("grads")) {
                        golden.assertClose("grads", input, gradients.of(in(input)));
                    }
                }
            }
        }

        private Tensor in(String role) {
            return leaves.computeIfAbsent(role, r -> Tensor.parameter(golden.array(backend, "inputs", r)));
        }

        private GoldenAttributes attrs() {
            return golden.attrs();
        }

        private int[] integers(String role) {
            return golden.i32(role);
        }

        private IntStorage ids(int... numbers) {
            IntStorage ids = backend.allocateInts(numbers.length);
            ids.write(numbers, 0, numbers.length);
            return ids;
        }

        /** By role. */
        Map<String, Tensor> outputs() {
            return switch (golden.op()) {
                case "matmul" -> y(matmul());
                case "add" -> y(in("a").add(in("b")));
                case "sub" -> y(in("a").sub(in("b")));
                case "mul" -> y(in("a").mul(in("b")));
                case "div" -> y(in("a").div(in("b")));
                case "gelu_erf" -> y(in("x").gelu());
                case "gelu_tanh", "quick_gelu", "relu", "neg", "exp", "log", "sqrt", "tanh", "sigmoid" ->
                    y(in("x").apply(Unary.valueOf(golden.op().toUpperCase(Locale.ROOT))));
                case "softmax" -> y(lastAxis(Tensor::softmax));
                case "log_softmax" -> y(lastAxis(Tensor::logSoftmax));
                case "layernorm" -> y(in("x").layerNorm(in("weight"), in("bias"), (float) attrs().number("eps")));
                case "linear" -> y(in("x").linear(in("weight"), in("bias")));
                case "embedding" -> y(embedding());
                case "index_select" -> y(in("x").gatherRows(ids(integers("idx")), integers("idx").length));
                case "gather_rows" -> y(gatherRows());
                case "l2_normalize" -> y(in("x").l2Normalize((float) attrs().number("eps")));
                case "sum" -> y(kept(in("x").sum(attrs().integers("axes"))));
                case "mean" -> y(kept(in("x").mean(attrs().integers("axes"))));
                case "permute" -> y(in("x").permute(attrs().integers("perm")));
                case "slice" ->
                    y(in("x").slice(attrs().integer("axis"), attrs().integer("start"), attrs().integer("end")));
                case "concat" -> y(concat());
                case "conv2d" -> y(conv2d());
                case "batchnorm2d" -> attrs().flag("training") ? batchNorm() : y(runningNorm());
                case "avgpool2d" -> y(averagePool());
                case "sdpa" -> y(attention());
                case "mha" ->
                    y(in("x").linear(in("in_proj_weight"), in("in_proj_bias"))
                            .attention(attrs().integer("heads"), attrs().flag("causal"))
                            .linear(in("out_proj_weight"), in("out_proj_bias")));
                case "cross_entropy" -> y(in("logits").crossEntropy(ids(integers("target"))));
                case "cross_entropy_diag" ->
                    y(in("logits")
                            .crossEntropy(
                                    ids(IntStream.range(0, in("logits").dim(0)).toArray())));
                default -> throw new AssertionError("no operation " + golden.op());
            };
        }

        private static Map<String, Tensor> y(Tensor y) {
            return Map.of("y", y);
        }

        private Tensor matmul() {
            if (attrs().flag("batched")) {
                assertThat(in("a").shape().rank()).isGreaterThan(2);
            }
            return Tensor.apply(new Op.MatMul(attrs().flag("transA"), attrs().flag("transB")), in("a"), in("b"));
        }

        private Tensor averagePool() {
            int kernel = attrs().integer("kernel");
            attrs().require("stride", kernel);
            return in("x").averagePool2d(kernel);
        }

        private Tensor lastAxis(UnaryOperator<Tensor> f) {
            int rank = in("x").shape().rank();
            int axis = in("x").shape().axis(attrs().integer("axis"));
            int[] swap = IntStream.range(0, rank)
                    .map(i -> i == axis ? rank - 1 : i == rank - 1 ? axis : i)
                    .toArray();
            return f.apply(in("x").permute(swap)).permute(swap);
        }

        private Tensor embedding() {
            Shape shape = Shape.of(golden.shape("ids"));
            Tensor rows = in("weight").gatherRows(ids(integers("ids")), shape.size());
            return rows.reshape(shape.dim(0), shape.dim(1), rows.dim(1));
        }

        private Tensor gatherRows() {
            Tensor x = in("x");
            int[] idx = integers("idx");
            int[] rows = IntStream.range(0, idx.length)
                    .map(n -> n * x.dim(1) + idx[n])
                    .toArray();
            return x.reshape(-1, x.dim(2)).gatherRows(ids(rows), rows.length);
        }

        private Tensor kept(Tensor sum) {
            Shape shape = in("x").shape();
            for (int axis : attrs().integers("axes")) {
                shape = shape.with(axis, 1);
            }
            return attrs().flag("keepdim") ? sum.reshape(shape.dims()) : sum;
        }

        private Tensor concat() {
            Tensor[] parts = IntStream.range(0, golden.roles("inputs").size())
                    .mapToObj(i -> in("x" + i))
                    .toArray(Tensor[]::new);
            return Tensor.concat(attrs().integer("axis"), parts);
        }

        private Tensor conv2d() {
            Tensor bias = golden.has("bias") ? in("bias") : null;
            return in("x").conv2d(in("weight"), bias, attrs().integer("stride"), attrs().integer("padding"));
        }

        private Map<String, Tensor> batchNorm() {
            Tensor x = in("x");
            Map<String, Tensor> outputs = new HashMap<>();
            float momentum = (float) attrs().number("momentum");
            int each = x.shape().size() / x.dim(1);
            Tensor y = x.batchNorm2d(in("weight"), in("bias"), (float) attrs().number("eps"), (mean, variance) -> {
                NdArray unbiased = variance.affine((float) each / (each - 1), 0);
                outputs.put("new_running_mean", moved(in("running_mean"), mean, momentum));
                outputs.put("new_running_var", moved(in("running_var"), unbiased, momentum));
            });
            outputs.put("y", y);
            return outputs;
        }

        private static Tensor moved(Tensor old, NdArray to, float momentum) {
            return Tensor.constant(old.value().affine(1 - momentum, 0).add(to.affine(momentum, 0)));
        }

        private Tensor runningNorm() {
            attrs().leave("the running statistics stay", "momentum");
            int[] channels = {in("x").dim(1), 1, 1};
            Tensor deviation =
                    in("running_var").affine(1, (float) attrs().number("eps")).sqrt();
            return in("x").sub(in("running_mean").reshape(channels))
                    .mul(in("weight").div(deviation).reshape(channels))
                    .add(in("bias").reshape(channels));
        }

        private Tensor attention() {
            Shape s = in("q").shape(); // [B, H, T, D/H]
            Tensor[] parts = Stream.of("q", "k", "v")
                    .map(role -> in(role).permute(0, 2, 1, 3).reshape(s.dim(0), s.dim(2), s.dim(1) * s.dim(3)))
                    .toArray(Tensor[]::new);
            return Tensor.concat(2, parts)
                    .attention(s.dim(1), attrs().flag("causal"))
                    .reshape(s.dim(0), s.dim(2), s.dim(1), s.dim(3))
                    .permute(0, 2, 1, 3);
        }
    }
}
