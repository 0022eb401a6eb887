package org.safeclip.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.tensor.Tensor;

/** The examples do what they promise, in a JVM of their own: on the module path, and on the class path. */
class ExamplesTest {
    static Stream<List<String>> pathsOfALibrary() throws URISyntaxException {
        String classes = place(Tensor.class) + File.pathSeparator + place(Module.class);
        return Stream.of(
                List.of("-p", classes, "--add-modules", "org.safeclip.nn"),
                List.of("-cp", classes, "--add-modules", "jdk.incubator.vector"),
                List.of("-cp", classes));
    }

    @ParameterizedTest
    @MethodSource("pathsOfALibrary")
    void aPerceptronLearnsExclusiveOr(List<String> path) throws Exception {
        assertThat(run(path, "Xor.java"))
                .contains("  hidden: Linear                                             24")
                .contains("0 xor 0 = 0", "0 xor 1 = 1", "1 xor 0 = 1", "1 xor 1 = 0");
    }

    private static List<String> run(List<String> path, String example) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(path);
        command.add(Path.of("src", "examples", example).toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    /** The jar or folder a class came from. */
    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
