package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.safeclip.settings.InvalidInputException;

/** How a command is started again as several processes. */
class MpiRunTest {
    @Test
    void eachProcessGetsTheCommandWithoutTheOption() {
        assertThat(MpiRun.withoutOption(List.of("train", "--processes", "2", "--out", "a b")))
                .containsExactly("train", "--out", "a b");
        assertThat(MpiRun.withoutOption(List.of("train", "--processes=2", "seed=3")))
                .containsExactly("train", "seed=3");
    }

    @Test
    void theCoresAreDividedUnlessTheUserHasDoneSo() {
        Map<String, String> environment = new HashMap<>(Map.of("SAFECLIP_JAVA_OPTS", "-Xmx1g"));
        MpiRun.prepare(environment, 3, 8);
        assertThat(environment).containsEntry("SAFECLIP_JAVA_OPTS", "-Xmx1g -Dorg.safeclip.threads=2");
        MpiRun.prepare(environment, 1, 8);
        assertThat(environment).containsEntry("SAFECLIP_JAVA_OPTS", "-Xmx1g -Dorg.safeclip.threads=2");
        Map<String, String> empty = new HashMap<>();
        MpiRun.prepare(empty, 4, 2);
        assertThat(empty).containsEntry("SAFECLIP_JAVA_OPTS", "-Dorg.safeclip.threads=1");
    }

    @Test
    void withoutTheLauncherItIsRefused() {
        assertThatThrownBy(() -> MpiRun.start(2, List.of("train", "--processes", "2")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("mpirun -n 2");
    }

    @Test
    void aNumberBelowOneIsRefusedBeforeAnythingIsRead() {
        CliResult result = CliResult.to("train", "--processes", "0", "--out", "nowhere");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--processes is 0, expected at least 1");
    }
}
