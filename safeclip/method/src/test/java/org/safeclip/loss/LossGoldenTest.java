package org.safeclip.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.Golden;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** The losses and the pool against PyTorch: values, and gradients with respect to raw rows and the log of the scale. */
class LossGoldenTest {
    private static final float EPSILON = 1e-12f;

    static Stream<Arguments> cases() {
        List<String> losses = List.of(
                "loss_clip",
                "loss_cross_view",
                "loss_cross_view_symmetric",
                "loss_unimodal_nn",
                "loss_unimodal_nopool",
                "loss_roclip",
                "loss_cleanclip");
        return Stream.of("scalar", "simd")
                .flatMap(backend -> losses.stream()
                        .flatMap(op -> Golden.cases(op).stream())
                        .map(golden -> Arguments.of(backend, golden)));
    }

    static Stream<Golden.Case> pools() {
        return Golden.cases("fifo_pool").stream();
    }

    /** The tensors of a case: leaves as stored, rows of unit length on top of them. */
    private record Rows(Backend backend, Golden.Case golden, Map<String, Tensor> leaves) {
        static Rows of(Backend backend, Golden.Case golden) {
            Map<String, Tensor> leaves = new LinkedHashMap<>();
            for (String role : golden.roles("grads")) {
                leaves.put(role, Tensor.parameter(array(backend, golden, role)));
            }
            return new Rows(backend, golden, leaves);
        }

        Tensor leaf(String role) {
            Tensor leaf = leaves.get(role);
            assertThat(leaf).as("%s: gradient of %s", golden, role).isNotNull();
            return leaf;
        }

        Tensor unit(String role) {
            return leaf(role).l2Normalize(EPSILON);
        }

        Tensor scale() {
            return leaf("t").exp();
        }

        NeighbourPool pool(String role) {
            return NeighbourPool.of(
                    Tensor.constant(array(backend, golden, role))
                            .l2Normalize(EPSILON)
                            .value(),
                    0);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valueAndGradientsAreThoseOfPyTorch(String name, Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open(name)) {
            Rows rows = Rows.of(backend, golden);
            Tensor loss = loss(rows);
            golden.assertClose("y", loss.item());
            Gradients gradients = loss.backward();
            rows.leaves().forEach((role, leaf) -> {
                float[] gradient = gradients.has(leaf)
                        ? gradients.of(leaf).toArray()
                        : new float[leaf.shape().size()];
                golden.assertClose("grads", role, gradient);
            });
        }
    }

    /** Those without a class of their own are put together from {@link ContrastiveLoss}, as their definition says. */
    private static Tensor loss(Rows rows) {
        Tensor s = rows.scale();
        return switch (rows.golden().node().get("op").asString()) {
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
                float lam1 = (float) rows.golden().attrs().path("lam1").asDouble(1);
                float lam2 = (float) rows.golden().attrs().path("lam2").asDouble(1);
                yield part(rows, "clip", clip)
                        .scale(lam1)
                        .add(part(rows, "unimodal", unimodal).scale(lam2));
            }
            default -> throw new AssertionError("no loss for " + rows.golden());
        };
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
    private static void assertNeighbours(Golden.Case golden, String role, NeighbourPool pool, NdArray queries) {
        float[][] rows = rows(pool.rows());
        float[][] found = rows(pool.nearest(queries));
        int[] places = golden.i32(role);
        assertThat(found.length).isEqualTo(places.length);
        for (int i = 0; i < places.length; i++) {
            assertThat(found[i]).as("%s %s[%d]", golden, role, i).containsExactly(rows[places[i]]);
        }
    }

    @ParameterizedTest
    @MethodSource("pools")
    void thePoolIsFirstInFirstOut(Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open("scalar")) {
            NeighbourPool pool = NeighbourPool.of(array(backend, golden, "pool"), 0);
            int[] pointers = golden.i32("pointers");
            for (int i = 0; i < pointers.length; i++) {
                pool.insert(array(backend, golden, "batch" + i));
                golden.assertClose("pool" + i, pool.rows().toArray());
                assertThat(pool.pointer())
                        .as("%s: pointer after batch %d", golden, i)
                        .isEqualTo(pointers[i]);
            }
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

    private static NdArray array(Backend backend, Golden.Case golden, String role) {
        return NdArray.of(backend, Shape.of(golden.shape("inputs", role)), golden.f32("inputs", role));
    }
}
