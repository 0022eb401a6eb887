package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

class SimdTileChoiceTest {
    private static final int BITS = 256;

    private final @Nullable String cache = System.getProperty(SimdTileChoice.FOLDER);

    @AfterEach
    void restore() {
        System.clearProperty(SimdTileChoice.TILE);
        if (cache == null) {
            System.clearProperty(SimdTileChoice.FOLDER);
        } else {
            System.setProperty(SimdTileChoice.FOLDER, cache);
        }
        Parallel.reset();
        SimdTileChoice.reset();
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void everyTileGivesTheSameBits(boolean transposeA, boolean transposeB) {
        for (int m : new int[] {1, 12, 13, 41, 131}) {
            for (int n : new int[] {31, 64, 65, 128, 200}) {
                for (int k : new int[] {0, 1, 2, 17, 129, 513}) {
                    same(new MatMulShape(1, m, n, k, transposeA, transposeB));
                }
            }
        }
        same(new MatMulShape(3, 29, 77, 40, transposeA, transposeB));
        same(new MatMulShape(1, 65, 96, 2100, transposeA, transposeB));
        same(new MatMulShape(1, 30, 700, 70, transposeA, transposeB));
        same(new MatMulShape(1, 110, 1100, 1030, transposeA, transposeB)); // b is packed in more than one group
    }

    private static void same(MatMulShape s) {
        Storage a = random(s.batch() * s.m() * s.k(), 1);
        Storage b = random(s.batch() * s.k() * s.n(), 2);
        same(s.toString(), s.batch() * s.m() * s.n(), y -> new SimdKernels().matmul(s, a, b, y));
    }

    @ParameterizedTest
    @CsvSource({"25,40,64", "37,513,131", "150,96,70"})
    void whatFollowsAProductDoesNotDependOnTheTile(int rows, int in, int out) {
        Storage x = random(rows * in, 1);
        Storage w = random(out * in, 2);
        Storage other = random(rows * out, 4);
        LinearInput input = new LinearInput(rows, in, out, x, w, random(out, 3));
        MatMulShape s = new MatMulShape(1, rows, out, in, false, true);
        Storage h = random(rows * out, 5);
        int size = rows * out;
        same("linear", size, y -> new SimdKernels().linear(input, y));
        same("linearAdd", size, y -> new SimdKernels().linearAdd(input, other, y));
        same("linearMap", size, y -> new SimdKernels().linearMap(Unary.GELU, input, h, y));
        same("matmulZip", size, y -> new SimdKernels().matmulZip(Binary.GELU_GRADIENT, s, x, w, other, y));
    }

    /** Both tiles on one, two and three threads. */
    private static void same(String what, int size, Consumer<Storage> kernel) {
        float[] expected = run(false, 1, size, kernel);
        for (int threads = 1; threads <= 3; threads++) {
            for (boolean tall : new boolean[] {false, true}) {
                float[] got = run(tall, threads, size, kernel);
                assertThat(Arrays.mismatch(got, expected))
                        .as("%s: first number that differs with %d threads, tall = %s", what, threads, tall)
                        .isEqualTo(-1);
            }
        }
    }

    private static float[] run(boolean tall, int threads, int size, Consumer<Storage> kernel) {
        SimdTileChoice.force(tall);
        Parallel.configure(threads, 1);
        float[] y = new float[size];
        Arrays.fill(y, Float.NaN);
        kernel.accept(new HostStorage(size, y));
        return y;
    }

    @Test
    void thePropertyForcesATile() throws BackendUnavailable {
        for (String tile : new String[] {SimdTileChoice.LOW, SimdTileChoice.TALL}) {
            System.setProperty(SimdTileChoice.TILE, tile);
            SimdTileChoice.reset();
            try (var backend = new SimdProvider().open()) {
                assertThat(backend.describe()).contains(" " + tile + " tiles");
            }
        }
    }

    @Test
    void anUnknownTileIsRefused() {
        System.setProperty(SimdTileChoice.TILE, "3x3");
        assertThatThrownBy(() -> new SimdProvider().open())
                .isInstanceOf(BackendUnavailable.class)
                .hasMessageContaining("3x3")
                .hasMessageContaining(SimdTileChoice.TALL);
    }

    @Test
    void aTrialIsRememberedAndADamagedFileIsNot(@TempDir Path folder) throws Exception {
        System.setProperty(SimdTileChoice.FOLDER, folder.resolve("new").toString());
        assertThat(SimdTileChoice.remembered(BITS, () -> Optional.of(true))).isTrue();
        assertThat(SimdTileChoice.remembered(BITS, () -> Optional.of(false)))
                .as("from the file")
                .isTrue();
        Files.writeString(SimdTileChoice.file(BITS).orElseThrow(), "14");
        assertThat(SimdTileChoice.remembered(BITS, () -> Optional.of(false)))
                .as("measured again")
                .isFalse();
        assertThat(SimdTileChoice.remembered(BITS, () -> Optional.of(true)))
                .as("from the file")
                .isFalse();
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNoHarm(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        System.setProperty(SimdTileChoice.FOLDER, file.resolve("in").toString());
        assertThat(SimdTileChoice.remembered(BITS, () -> Optional.of(true))).isTrue();
        assertThat(SimdTileChoice.remembered(BITS, () -> Optional.of(false))).isFalse();
    }

    @Test
    void aTrialEnds() {
        SimdTileTrial.tallIsAsFast(); // either answer is right
    }
}
