package org.safeclip.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

class ModuleTest {
    private static Backend backend;

    @BeforeAll
    static void open() throws Exception {
        backend = Backends.open("scalar");
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    record Tower(
            @Named("class_embedding") Tensor classToken,
            @Named("transformer.resblocks") List<TransformerBlock> blocks,
            LayerNorm norm,
            int heads)
            implements Module {}

    record Pair(
            Tower visual, @Named("") Tower text, @Nullable Linear head) implements Module {}

    record Twice(Tensor first, Tensor second) implements Module {}

    record SameName(@Named("w") Tensor first, @Named("w") Tensor second) implements Module {}

    static class Loose implements Module {}

    private static Tower tower() {
        return new Tower(
                Initialisers.zeros(backend, 4),
                TransformerBlock.stack(2, 4, 2, false, Activation.GELU, backend, new SplittableRandom(1)),
                LayerNorm.of(4, backend),
                2);
    }

    @Test
    void namesFollowTheDeclarationAndAreThoseOfOpenClip() {
        List<String> names = tower().parameters().stream().map(Parameter::name).toList();
        assertThat(names)
                .startsWith(
                        "class_embedding",
                        "transformer.resblocks.0.ln_1.weight",
                        "transformer.resblocks.0.ln_1.bias",
                        "transformer.resblocks.0.attn.in_proj_weight",
                        "transformer.resblocks.0.attn.in_proj_bias",
                        "transformer.resblocks.0.attn.out_proj.weight",
                        "transformer.resblocks.0.attn.out_proj.bias",
                        "transformer.resblocks.0.ln_2.weight",
                        "transformer.resblocks.0.ln_2.bias",
                        "transformer.resblocks.0.mlp.c_fc.weight",
                        "transformer.resblocks.0.mlp.c_fc.bias",
                        "transformer.resblocks.0.mlp.c_proj.weight",
                        "transformer.resblocks.0.mlp.c_proj.bias",
                        "transformer.resblocks.1.ln_1.weight")
                .endsWith("norm.weight", "norm.bias")
                .doesNotHaveDuplicates();
    }

    @Test
    void anEmptyNameAddsNoStepAndAnAbsentPartNothing() {
        List<String> names = new Pair(tower(), tower(), null)
                .parameters().stream().map(Parameter::name).toList();
        assertThat(names).contains("visual.class_embedding", "class_embedding", "norm.weight");
        assertThat(names).noneMatch(name -> name.startsWith("head"));
    }

    @Test
    void countAndTreeAgree() {
        int block = 4 * 4 + 3 * 4 * 4 + 3 * 4 + 4 * 4 + 4 + 2 * 4 * 16 + 16 + 4; // norms, attention, perceptron
        assertThat(tower().count()).isEqualTo(4 + 2 * block + 8);
        assertThat(tower().tree().lines().toList())
                .anyMatch(line -> line.startsWith("Tower") && line.endsWith(" " + tower().count()))
                .anyMatch(line ->
                        line.startsWith("  transformer.resblocks.1: TransformerBlock") && line.endsWith(" " + block))
                .anyMatch(line -> line.startsWith("  class_embedding [4]"));
    }

    @Test
    void buffersAreNotParameters() {
        BatchNorm2d norm = BatchNorm2d.of(3, backend);
        assertThat(norm.parameters()).extracting(Parameter::name).containsExactly("weight", "bias");
        assertThat(norm.buffers()).extracting(Buffer::name).containsExactly("running_mean", "running_var");
        assertThat(norm.count()).isEqualTo(6);
    }

    @Test
    void withoutHistoryTheNumbersAreSharedAndNothingIsTracked() {
        Tower tower = tower();
        Tower frozen = Module.detached(tower);
        tower.norm().bias().value().set(1, 2, 3, 4);
        assertThat(frozen.norm().bias().value().toArray()).containsExactly(1, 2, 3, 4);
        Tensor x = Initialisers.ones(backend, 1, 2, 4);
        Gradients gradients = frozen.blocks().getLast().apply(x).sum().backward();
        assertThat(gradients.has(x)).isTrue();
        assertThat(frozen.parameters()).noneMatch(parameter -> gradients.has(parameter.tensor()));
    }

    @Test
    void mistakesOfDeclarationAreNamed() {
        Tensor w = Initialisers.ones(backend, 2);
        assertThatThrownBy(() -> new Twice(w, w).parameters()).hasMessageContaining("'first' and 'second'");
        SameName same = new SameName(w, Initialisers.ones(backend, 2));
        assertThatThrownBy(same::parameters).hasMessageContaining("two tensors have the name 'w'");
        assertThatThrownBy(() -> new Loose().parameters()).hasMessageContaining("not a record");
        assertThatThrownBy(() -> Attention.random(10, 3, 1, false, backend, new SplittableRandom(1)))
                .hasMessageContaining("width 10 cannot have 3 heads");
    }
}
