package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Unary;

/** The text of the kernels, which can be looked at where there is no device. */
final class KernelSourcesTest {
    static Stream<String> files() throws IOException, URISyntaxException {
        Path here = Path.of(Program.class.getResource("common.cl").toURI()).getParent();
        try (Stream<Path> all = Files.list(here)) {
            List<String> names = all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".cl"))
                    .map(name -> name.substring(0, name.length() - 3))
                    .sorted()
                    .toList();
            assertThat(names).contains("common", "map", "zip", "reduce");
            return names.stream();
        }
    }

    private static void everyConstantHasItsLine(String file, String macro, Enum<?>... constants) {
        String text = Program.source(file);
        for (Enum<?> constant : constants) {
            String line = macro + "(" + constant.name().toLowerCase(Locale.ROOT) + ",";
            assertThat(text.lines().filter(each -> each.startsWith(line)))
                    .as("lines of %s.cl that begin with %s", file, line)
                    .hasSize(1);
        }
    }

    @Test
    void everyFunctionOfOneNumberHasItsKernel() {
        everyConstantHasItsLine("map", "MAP", Unary.values());
    }

    @Test
    void everyFunctionOfTwoNumbersHasItsKernel() {
        everyConstantHasItsLine("zip", "ZIP", Binary.values());
    }

    @Test
    void everyReductionHasItsKernels() {
        everyConstantHasItsLine("reduce", "REDUCTION", Reduction.values());
    }

    /** The driver's compiler would refuse them; Program uncovers them in what it made of the rest. */
    @Test
    void instructionsForHopperAloneAreCovered() {
        List<String> lines = Program.source("matmul_tensor")
                .lines()
                .filter(line -> line.contains("\"") && line.contains("wgmma."))
                .toList();
        assertThat(lines)
                .hasSizeGreaterThan(3)
                .allSatisfy(line -> assertThat(line).contains("\"//@ "));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileBeginsByTellingWhatItIs(String file) {
        assertThat(Program.source(file)).startsWith("// ");
    }

    @ParameterizedTest
    @MethodSource("files")
    void noFileNeedsMoreThanOpenClC12(String file) {
        String code = Program.source(file).replaceAll("//[^\\n]*", "").replaceAll("(?s)/\\*.*?\\*/", "");
        assertThat(code)
                .doesNotContainPattern("\\b(double|half|atomic_\\w+|atom_\\w+|sub_group_\\w+|generic|pipe)\\b")
                .doesNotContain("printf");
        assertThat(Pattern.compile("[^\\x00-\\x7f]").matcher(code).find())
                .as("compilers of OpenCL C 1.2 read ASCII")
                .isFalse();
    }
}
