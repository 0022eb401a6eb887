package org.safeclip.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.model.ClipConfig;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.WindowShape;

class KernelCasesTest {
    /** Every kernel of every benchmark class at a size whose scalar answer takes no time. */
    static Stream<KernelCase> small() {
        return Stream.of(
                        Stream.of("NN", "NT", "TN").map(form -> KernelCases.matmul(form, "resnetStem")),
                        Stream.of(KernelCases.linear("resnetStem")),
                        Stream.of("exp", "tanh", "gelu", "quick_gelu", "add", "gelu_gradient")
                                .map(kernel -> KernelCases.elementwise(kernel, "tokens")),
                        Stream.of(
                                        "softmax",
                                        "softmaxGradient",
                                        "layerNorm",
                                        "layerNormGradient",
                                        "l2Normalize",
                                        "crossEntropy")
                                .map(kernel -> KernelCases.rows(kernel, "logits")),
                        Stream.of("forward", "gradient").map(way -> KernelCases.attention(way, "small")),
                        Stream.of("convolve", "convolveInputGradient", "convolveWeightGradient")
                                .map(kernel -> KernelCases.convolution(kernel, "resnetStem")),
                        Stream.of("unfold", "fold").map(kernel -> KernelCases.windows(kernel, "resnetStem")),
                        Stream.of(KernelCases.batchNorm("resnetBody")),
                        Stream.of("permute", "gatherRows", "scatterAddRows").map(KernelCases::layout),
                        Stream.of(KernelCases.adamW("small")))
                .flatMap(cases -> cases);
    }

    @ParameterizedTest
    @MethodSource("small")
    void simdGivesTheScalarAnswer(KernelCase kernel) throws BackendUnavailable {
        try (Backend simd = Backends.open("simd")) {
            kernel.proved(simd).run().run();
        }
    }

    @Test
    void aWrongKernelIsRefused() throws BackendUnavailable {
        KernelCase wrong = new KernelCase("wrong", "tiny", Work.memory(1), in -> {
            var y = in.zeros(4);
            float value = in.kernels().getClass().getSimpleName().startsWith("Simd") ? 1 : 2;
            return KernelCase.Ready.of(() -> in.kernels().fill(4, value, y), y);
        });
        try (Backend simd = Backends.open("simd")) {
            assertThatThrownBy(() -> wrong.proved(simd)).hasMessageContaining("wrong tiny on simd: number 0");
        }
    }

    @Test
    void shapesAreThoseOfTheModels() {
        ClipConfig small = StepModel.SMALL.config();
        int rows = 256 * (small.imageTokens() + 1);
        int width = small.vision().width();
        assertThat(KernelCases.product("attention")).containsExactly(rows, 3 * width, width);
        assertThat(KernelCases.product("mlpUp")).containsExactly(rows, 4 * width, width);
        assertThat(KernelCases.product("mlpDown")).containsExactly(rows, width, 4 * width);
        WindowShape patches = KernelCases.windows("patches");
        assertThat(KernelCases.product("patches")).containsExactly(patches.rows(), width, patches.cols());
        WindowShape stem = KernelCases.windows("resnetStem");
        assertThat(KernelCases.product("resnetStem")[2]).isEqualTo(stem.cols());
        AttentionShape base = KernelCases.heads("base");
        assertThat(base.tokens()).isEqualTo(StepModel.BASE.config().imageTokens() + 1);
        assertThat(base.width()).isEqualTo(StepModel.BASE.config().vision().width());
    }

    @Test
    void theTableHasEveryFamilyOnce() {
        List<String> names = Roofline.kernels().stream().map(KernelCase::name).toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeBetween(12, 25);
        assertThat(names)
                .contains("linear mlpUp", "attention small", "softmax scores65", "adamW small", "nearest pool");
    }

    @Test
    void anUnknownShapeIsNamed() {
        assertThatThrownBy(() -> KernelCases.rows("softmax", "nowhere")).hasMessageContaining("'nowhere'");
        assertThatThrownBy(() -> StepModel.of("huge"))
                .hasMessage("there is no model 'huge'; expected one of tiny, small, base, vitb32, rn50");
    }
}
