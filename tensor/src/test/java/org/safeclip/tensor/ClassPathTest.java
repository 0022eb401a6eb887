package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/** On the class path, in a JVM of its own: what works without the vector module, and what the library says about it. */
final class ClassPathTest {

    @Test
    void withoutTheVectorModuleTheBestBackendIsScalar() throws Exception {
        List<String> lines = run();
        assertThat(lines).contains("best: scalar 11.0");
        assertThat(lines)
                .anySatisfy(
                        line -> assertThat(line).startsWith("simd: ").contains("--add-modules jdk.incubator.vector"));
        assertThat(lines)
                .as("the warning in the log")
                .anySatisfy(line -> assertThat(line).contains("using scalar, not simd: "));
    }

    @Test
    void withTheVectorModuleItIsSimd() throws Exception {
        List<String> lines = run("--add-modules", "jdk.incubator.vector");
        assertThat(lines).contains("best: simd 11.0", "simd: opens");
        assertThat(lines).noneMatch(line -> line.contains("using scalar"));
    }

    private static List<String> run(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        String classes = folder(Backends.class) + File.pathSeparator + folder(ClassPathTest.class);
        command.addAll(List.of("-cp", classes, Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    /** The folder or jar that holds a class, in a patched module too. */
    private static Path folder(Class<?> type) throws URISyntaxException {
        Path file = Path.of(type.getResource(type.getSimpleName() + ".class").toURI());
        int depth = type.getPackageName().split("\\.", -1).length + 1;
        Path folder = file;
        for (int i = 0; i < depth; i++) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** What the child JVM runs. */
    static final class Program {
        private Program() {}

        static void main() throws BackendUnavailable {
            try (Backend backend = Backends.best()) {
                Tensor a = Tensor.constant(NdArray.of(backend, Shape.of(1, 2), 1, 2));
                Tensor b = Tensor.constant(NdArray.of(backend, Shape.of(2, 1), 3, 4));
                System.out.println("best: " + backend.name() + " " + a.matmul(b).item());
            }
            try {
                Backends.open("simd").close();
                System.out.println("simd: opens");
            } catch (BackendUnavailable e) {
                System.out.println("simd: " + e.getMessage());
            }
        }
    }
}
