package org.safeclip.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.CommunicatorUnavailable;
import org.safeclip.nn.parallel.Communicators;
import org.safeclip.tensor.Tensor;

/** Processes that the installed launchers start reach each other, whichever MPI it is, and get the same bits from all of them. */
class MpiTest {
    /** With {@code -Dorg.safeclip.require.mpi=true} a launcher that is not installed is a failure. */
    private static final boolean REQUIRED = Boolean.getBoolean("org.safeclip.require.mpi");

    private static final long LIMIT_SECONDS = 180;

    /** What a job printed and its exit code. */
    private record Ended(int code, List<String> lines) {
        List<String> results() {
            return lines.stream()
                    .filter(line -> line.startsWith("rank="))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpirun.openmpi", "mpirun.mpich"})
    void processesExchangeNumbers(String launcher) throws Exception {
        for (int size = 1; size <= 3; size++) {
            Ended job = run(launcher, size);
            assertThat(job.code()).as("%s", job.lines()).isZero();
            List<String> expected = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                expected.add(expected(rank, size));
            }
            assertThat(job.results()).isEqualTo(expected);
        }
    }

    /** What a process must print: sums in the order of the ranks, bit for bit. */
    private static String expected(int rank, int size) {
        StringBuilder line = new StringBuilder("rank=" + rank + " size=" + size + " local=" + rank);
        for (int length : Exchange.LENGTHS) {
            float[] sums = new float[length];
            for (int i = 0; i < length; i++) {
                sums[i] = Exchange.number(0, i);
                for (int r = 1; r < size; r++) {
                    sums[i] += Exchange.number(r, i);
                }
            }
            line.append(" sum").append(length).append('=').append(Exchange.checksum(sums));
        }
        List<String> gathered = new ArrayList<>();
        for (int r = 0; r < size; r++) {
            gathered.addAll(Collections.nCopies(2 * r, Float.toString(r + 0.5f)));
        }
        return line + " gathered=[" + String.join(",", gathered) + "] broadcast=[1.0," + Math.PI + "] nulls=2";
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpirun.openmpi", "mpirun.mpich"})
    void oneThatGivesUpEndsTheOthersWithItsCode(String launcher) throws Exception {
        Ended job = run(launcher, 2, "1");
        assertThat(job.code()).as("%s", job.lines()).isEqualTo(7);
        assertThat(job.results()).isEmpty();
    }

    private static Ended run(String launcher, int size, String... arguments) throws Exception {
        if (!REQUIRED) {
            assumeThat(installed(launcher)).as("%s is not installed", launcher).isTrue();
        }
        List<String> command = new ArrayList<>(List.of(launcher, "-n", Integer.toString(size)));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx200m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Exchange.class.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("mpi", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        environment.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        environment.put("OMPI_MCA_rmaps_base_oversubscribe", "1");
        environment.put("OMPI_MCA_mpi_yield_when_idle", "1");
        Process job = builder.start();
        try {
            assertThat(job.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("%s -n %d ends in time", launcher, size)
                    .isTrue();
            return new Ended(job.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
        } finally {
            job.destroyForcibly();
            Files.delete(output);
        }
    }

    private static boolean installed(String launcher) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, launcher)));
    }

    private static String classPath() {
        return Stream.of(Tensor.class, Communicator.class, MpiProvider.class, Exchange.class)
                .map(MpiTest::place)
                .distinct()
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

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

    @Test
    void aProcessStartedByItselfIsAlone() throws Exception {
        assertThat(Communicators.ofThisJob()).isEqualTo(Communicator.alone());
    }

    @Test
    void theLauncherTellsWhichLibraryIsNeeded() {
        assertThat(new MpiProvider(Map.of()).launched()).isFalse();
        MpiProvider open = new MpiProvider(Map.of("OMPI_COMM_WORLD_RANK", "0"));
        assertThat(open.launched()).isTrue();
        assertThat(open.candidates()).startsWith("libmpi.so.40");
        MpiProvider mpich = new MpiProvider(Map.of("PMI_RANK", "0"));
        assertThat(mpich.launched()).isTrue();
        assertThat(mpich.candidates()).startsWith("libmpich.so.12");
    }

    @Test
    void aMissingLibraryIsRefusedByName() {
        System.setProperty(MpiProvider.LIBRARY, "libnowhere.so");
        try {
            assertThatThrownBy(() -> new MpiProvider(Map.of("PMI_RANK", "0")).open())
                    .isInstanceOf(CommunicatorUnavailable.class)
                    .hasMessageContaining("libnowhere.so");
        } finally {
            System.clearProperty(MpiProvider.LIBRARY);
        }
    }
}
