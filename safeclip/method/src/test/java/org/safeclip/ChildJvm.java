package org.safeclip;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.objects.Object2IntMap;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.safeclip.nn.Module;
import org.safeclip.tensor.Tensor;

/** Programs that run as a user's would, in a JVM of their own: on the module path or the class path. */
public final class ChildJvm {
    private ChildJvm() {}

    /** What a program prints; it fails if the program does. */
    public static List<String> run(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    /** The method and all that it needs, as a path. */
    public static String library() {
        return Stream.of(SafeClip.class, Module.class, Tensor.class, Object2IntMap.class)
                .map(ChildJvm::place)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The jar or folder a class came from. */
    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
