package org.safeclip.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Linear;
import org.safeclip.nn.Module;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

class CheckpointTest {
    private static Backend backend;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws Exception {
        backend = Backends.open("scalar");
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    record Net(List<Linear> layers, BatchNorm2d bn) implements Module {
        static Net random(long seed, int width) {
            SplittableRandom random = new SplittableRandom(seed);
            return new Net(
                    List.of(Linear.random(3, width, 1, backend, random), Linear.random(width, 2, 1, backend, random)),
                    BatchNorm2d.of(2, backend));
        }

        Tensor loss() {
            Tensor y = layers.get(1).apply(layers.get(0).weight().permute(1, 0));
            return bn.apply(y.reshape(3, 2, 1, 1), true)
                    .mul(bn.bias().reshape(2, 1, 1))
                    .sum()
                    .add(y.mul(y).sum());
        }
    }

    private static AdamW optimizer(Net net) {
        return new AdamW(net.parameters(), AdamW.Settings.standard());
    }

    private static void train(Net net, AdamW optimizer, int steps) {
        for (int i = 0; i < steps; i++) {
            optimizer.step(net.loss().backward(), 0.01);
        }
    }

    private static void assertSame(Net a, Net b) {
        for (int i = 0; i < a.parameters().size(); i++) {
            Parameter of = a.parameters().get(i);
            assertThat(of.tensor().value().toArray())
                    .as(of.name())
                    .isEqualTo(b.parameters().get(i).tensor().value().toArray());
        }
        for (int i = 0; i < a.buffers().size(); i++) {
            Buffer of = a.buffers().get(i);
            assertThat(of.values().toArray())
                    .isEqualTo(b.buffers().get(i).values().toArray());
        }
    }

    @Test
    void resumingEqualsNeverHavingStopped() throws Exception {
        Path path = folder.resolve("checkpoint.safetensors");
        Net whole = Net.random(1, 2);
        AdamW wholeOptimizer = optimizer(whole);
        train(whole, wholeOptimizer, 3);
        Checkpoint saved = new Checkpoint(
                Map.of("epoch", "3"), Map.of("safe", new int[] {4, 2}), Map.of("pool", new float[] {0.5f}));
        saved.save(path, whole, wholeOptimizer);
        train(whole, wholeOptimizer, 4);

        Net resumed = Net.random(2, 2);
        AdamW resumedOptimizer = optimizer(resumed);
        Checkpoint loaded = Checkpoint.load(path, resumed, resumedOptimizer);
        train(resumed, resumedOptimizer, 4);

        assertSame(resumed, whole);
        assertThat(loaded.metadata()).containsExactly(Map.entry("epoch", "3"));
        assertThat(loaded.integers().get("safe")).containsExactly(4, 2);
        assertThat(loaded.numbers().get("pool")).containsExactly(0.5f);
        assertThat(Checkpoint.metadata(path)).containsEntry("epoch", "3");
    }

    @Test
    void rewritingWhatWasReadGivesTheSameBytes() throws Exception {
        Path path = folder.resolve("a.safetensors");
        Net net = Net.random(1, 2);
        AdamW optimizer = optimizer(net);
        train(net, optimizer, 2);
        new Checkpoint(Map.of("z", "1", "a", "2"), Map.of("s", new int[] {1}), Map.of()).save(path, net, optimizer);
        Net other = Net.random(9, 2);
        AdamW otherOptimizer = optimizer(other);
        Path again = folder.resolve("b.safetensors");
        Checkpoint.load(path, other, otherOptimizer).save(again, other, otherOptimizer);
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(path));
    }

    @Test
    void weightsAloneCanBeReadFromATrainingCheckpointButNotResumed() throws Exception {
        Path path = folder.resolve("c.safetensors");
        Net net = Net.random(1, 2);
        Checkpoint.of(Map.of()).save(path, net, optimizer(net));
        Net other = Net.random(2, 2);
        Checkpoint.load(path, other, null);
        assertSame(other, net);

        Checkpoint.of(Map.of()).save(path, net, null);
        assertThatThrownBy(() -> Checkpoint.load(path, other, optimizer(other)))
                .hasMessageContaining("no tensor 'optimizer.m.layers.0.weight'")
                .hasMessageContaining("weights only");
    }

    @Test
    void whatDoesNotFitIsRefusedByNameAndChangesNothing() throws Exception {
        Path path = folder.resolve("d.safetensors");
        Checkpoint.of(Map.of()).save(path, Net.random(1, 2), null);
        Net wider = Net.random(2, 5);
        assertThatThrownBy(() -> Checkpoint.load(path, wider, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("'layers.0.weight' has the shape [2, 3], but the model's is [5, 3]");
        assertSame(wider, Net.random(2, 5));

        Linear smaller = Linear.random(3, 2, 1, backend, new SplittableRandom(1));
        assertThatThrownBy(() -> Checkpoint.load(path, smaller, null))
                .hasMessageContaining("the model has no tensor 'layers.0.weight' (and 7 more)");

        Checkpoint.of(Map.of()).save(path, Net.random(1, 2).bn(), null);
        assertThatThrownBy(() -> Checkpoint.load(path, smaller, null))
                .hasMessageContaining("has no tensor 'running_mean' (and 1 more)");
        Checkpoint.of(Map.of()).save(path, smaller, null);
        BatchNorm2d norm = BatchNorm2d.of(2, backend);
        assertThatThrownBy(() -> Checkpoint.load(path, norm, null))
                .hasMessageContaining("the file has no tensor 'running_mean'");
    }

    @Test
    void aNewerVersionAndIntegerWeightsAreRefused() throws Exception {
        Path path = folder.resolve("e.safetensors");
        Linear linear = new Linear(
                Linear.random(1, 1, 1, backend, new SplittableRandom(1)).weight(), null);
        SafeTensorsWriter newer = new SafeTensorsWriter(Map.of("safeclip.checkpoint", "2"));
        newer.write(path);
        assertThatThrownBy(() -> Checkpoint.load(path, linear, null)).hasMessageContaining("checkpoint version 2");

        SafeTensorsWriter integers = new SafeTensorsWriter(Map.of());
        integers.ints("weight", new int[] {1, 1}, () -> new int[1]);
        integers.write(path);
        assertThatThrownBy(() -> Checkpoint.load(path, linear, null)).hasMessageContaining("'weight' is I32");
    }

    /** A rank counts how many scores are greater, and none is greater than NaN: such a model would look perfect. */
    @Test
    void weightsThatAreNotFiniteAreRefusedAndNothingChanges() throws Exception {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Net broken = Net.random(1, 4);
            float[] weights = broken.layers().get(1).weight().value().toArray();
            weights[3] = bad;
            broken.layers().get(1).weight().value().set(weights);
            Path file = folder.resolve("broken-" + bad + ".safetensors");
            Checkpoint.of(Map.of()).save(file, broken, null);
            Net model = Net.random(2, 4);

            assertThatThrownBy(() -> Checkpoint.load(file, model, null))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("'layers.1.weight' holds " + bad + " at element 3");
            assertSame(model, Net.random(2, 4));
        }
    }
}
