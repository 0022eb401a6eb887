package org.safeclip.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenCase;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.Shard;
import org.safeclip.nn.parallel.ThreadJob;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** The losses and the pool against PyTorch: values, and gradients with respect to raw rows and the log of the scale. */
class LossGoldenTest {
    private static final float EPSILON = 1e-12f;

    /**
     * The tensors of a case.
     *
     * @param normalized whether the leaves are rows of unit length; else they are as stored, and the rows stand on top of them
     * @param processes each embeds a part of the rows
     */
    private record Rows(
            Backend backend,
            GoldenCase golden,
            Map<String, Tensor> leaves,
            boolean normalized,
            Communicator processes) {
        static Rows of(Backend backend, GoldenCase golden, boolean normalized, Communicator processes) {
            Map<String, Tensor> leaves = new LinkedHashMap<>();
            for (String role : golden.roles("grads")) {
                NdArray stored = golden.array(backend, "inputs", role);
                boolean raw = !normalized || role.equals("t");
                leaves.put(
                        role,
                        Tensor.parameter(
                                raw
                                        ? stored
                                        : Tensor.constant(stored)
                                                .l2Normalize(EPSILON)
                                                .value()));
            }
            return new Rows(backend, golden, leaves, normalized, processes);
        }

        Tensor leaf(String role) {
            Tensor leaf = leaves.get(role);
            assertThat(leaf).as("%s: gradient of %s", golden, role).isNotNull();
            return leaf;
        }

        Tensor unit(String role) {
            Shard shard = new Shard(processes, leaf(role).dim(0));
            Tensor own = processes.size() == 1 ? leaf(role) : leaf(role).slice(0, shard.from(), shard.to());
            return shard.gather(normalized ? own : own.l2Normalize(EPSILON), 1);
        }

        Tensor scale() {
            return leaf("t").exp();
        }

        NeighbourPool pool(String role) {
            return NeighbourPool.of(
                    Tensor.constant(golden.array(backend, "inputs", role))
                            .l2Normalize(EPSILON)
                            .value(),
                    0);
        }
    }

    @TestFactory
    Stream<DynamicTest> valueAndGradientsAreThoseOfPyTorch() {
        return Golden.tests(
                        "loss_clip",
                        "loss_cross_view",
                        "loss_cross_view_symmetric",
                        "loss_unimodal_nn",
                        "loss_unimodal_nopool",
                        "loss_roclip",
                        "loss_cleanclip")
                .check(List.of("scalar", "simd"), (golden, backend) -> {
                    assertThat(golden.f32("dy", "y")).containsExactly(1);
                    compare(backend, golden, Communicator.alone());
                });
    }

    @TestFactory
    Stream<DynamicTest> gatheredRowsGiveTheSameValueAndGradients() {
        return Golden.tests("loss_clip", "loss_cross_view", "loss_unimodal_nn", "loss_unimodal_nopool", "loss_roclip")
                .check(List.of("scalar"), (golden, backend) -> {
                    assertThat(golden.f32("dy", "y")).containsExactly(1);
                    for (int processes = 2; processes <= 3; processes++) {
                        ThreadJob.run(processes, communicator -> {
                            try (Backend own = Backends.open(backend.name())) {
                                compare(own, golden, communicator);
                                return true;
                            }
                        });
                    }
                });
    }

    private static void compare(Backend backend, GoldenCase golden, Communicator processes) {
        compare(Rows.of(backend, golden, false, processes), "grads");
        compare(Rows.of(backend, golden, true, processes), "grads_normalized");
    }

    private static void compare(Rows rows, String part) {
        GoldenCase golden = rows.golden();
        Tensor loss = loss(rows);
        golden.assertClose("y", loss.item());
        Gradients gradients = loss.backward();
        for (String role : golden.roles(part)) {
            Tensor leaf = rows.leaf(role);
            float[] gradient = gradients.has(leaf)
                    ? gradients.of(leaf).toArray()
                    : new float[leaf.shape().size()];
            if (!role.equals("t")) { // what lies behind the gathering has its whole gradient everywhere
                rows.processes().sum(gradient);
            }
            golden.assertClose(part, role, gradient);
        }
    }

    /** Those without a class of their own are put together from {@link ContrastiveLoss}, as their definition says. */
    private static Tensor loss(Rows rows) {
        Tensor s = rows.scale();
        return switch (rows.golden().op()) {
            case "loss_clip" -> ContrastiveLoss.standard(rows.unit("i1"), rows.unit("t1"), s);
            case "loss_cross_view" ->
                ContrastiveLoss.crossView(rows.unit("i1"), rows.unit("t1"), rows.unit("i2"), rows.unit("t2"), s);
            case "loss_cross_view_symmetric" ->
                ContrastiveLoss.mean(
                        ContrastiveLoss.standard(rows.unit("i1"), rows.unit("t2"), s),
                        ContrastiveLoss.standard(rows.unit("i2"), rows.unit("t1"), s));
            case "loss_unimodal_nn" -> inModal(rows, s);
            case "loss_unimodal_nopool" ->
                ContrastiveLoss.mean(
                        part(rows, "image_loss", ContrastiveLoss.oneWay(rows.unit("i2"), rows.unit("i1"), s)),
                        part(rows, "text_loss", ContrastiveLoss.oneWay(rows.unit("t2"), rows.unit("t1"), s)));
            case "loss_roclip" -> {
                Tensor images = rows.unit("i1");
                NeighbourPool pool = rows.pool("pool_t");
                assertNeighbours(rows.golden(), "nn", pool, images.value());
                yield ContrastiveLoss.standard(Tensor.constant(pool.nearest(images.value())), images, s);
            }
            case "loss_cleanclip" -> {
                Tensor clip = ContrastiveLoss.standard(rows.unit("i1"), rows.unit("t1"), s);
                Tensor unimodal = ContrastiveLoss.mean(
                        ContrastiveLoss.oneWay(rows.unit("i1"), rows.unit("i2"), s),
                        ContrastiveLoss.oneWay(rows.unit("t1"), rows.unit("t2"), s));
                float lam1 = weight(rows.golden(), "lam1");
                float lam2 = weight(rows.golden(), "lam2");
                yield part(rows, "clip", clip)
                        .scale(lam1)
                        .add(part(rows, "unimodal", unimodal).scale(lam2));
            }
            default -> throw new AssertionError("no loss for " + rows.golden());
        };
    }

    private static float weight(GoldenCase golden, String name) {
        return golden.attrs().has(name) ? (float) golden.attrs().number(name) : 1;
    }

    private static Tensor inModal(Rows rows, Tensor s) {
        NeighbourPool images = rows.pool("pool_i");
        NeighbourPool texts = rows.pool("pool_t");
        NdArray firstImages = rows.unit("i1").value();
        NdArray firstTexts = rows.unit("t1").value();
        assertNeighbours(rows.golden(), "nn_i", images, firstImages);
        assertNeighbours(rows.golden(), "nn_t", texts, firstTexts);
        return ContrastiveLoss.mean(
                part(rows, "image_loss", InModal.toNeighbours(images, firstImages, rows.unit("i2"), s)),
                part(rows, "text_loss", InModal.toNeighbours(texts, firstTexts, rows.unit("t2"), s)));
    }

    private static Tensor part(Rows rows, String output, Tensor loss) {
        if (rows.golden().has(output)) {
            rows.golden().assertClose(output, loss.item());
        }
        return loss;
    }

    /** The golden file names neighbours by their place in the pool. */
    private static void assertNeighbours(GoldenCase golden, String role, NeighbourPool pool, NdArray queries) {
        float[][] rows = rows(pool.rows());
        float[][] found = rows(pool.nearest(queries));
        int[] places = golden.i32(role);
        assertThat(found.length).isEqualTo(places.length);
        for (int i = 0; i < places.length; i++) {
            assertThat(found[i]).as("%s %s[%d]", golden, role, i).containsExactly(rows[places[i]]);
        }
    }

    @TestFactory
    Stream<DynamicTest> thePoolIsFirstInFirstOut() {
        return Golden.tests("fifo_pool").check(List.of("scalar"), LossGoldenTest::pool);
    }

    private static void pool(GoldenCase golden, Backend backend) {
        NeighbourPool pool = NeighbourPool.of(golden.array(backend, "inputs", "pool"), 0);
        int[] pointers = golden.i32("pointers");
        for (int i = 0; i < pointers.length; i++) {
            pool.insert(golden.array(backend, "inputs", "batch" + i));
            golden.assertClose("outputs", "pool" + i, pool.rows());
            assertThat(pool.pointer())
                    .as("%s: pointer after batch %d", golden, i)
                    .isEqualTo(pointers[i]);
        }
    }

    private static float[][] rows(NdArray array) {
        float[] numbers = array.toArray();
        int width = array.dim(1);
        float[][] rows = new float[array.dim(0)][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(numbers, r * width, (r + 1) * width);
        }
        return rows;
    }
}
