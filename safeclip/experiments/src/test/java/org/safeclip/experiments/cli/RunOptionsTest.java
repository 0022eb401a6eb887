package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.RunLock;
import org.safeclip.settings.InvalidInputException;
import picocli.CommandLine;

/** A run only resumes with its own settings, in the current or the old format. */
class RunOptionsTest {
    private static final String TRAIN = "train --method clip";
    private static final List<String> ATTACKS = List.of("targeted");
    private static final ExperimentConfig TINY = ConfigFile.preset("tiny", List.of());

    @TempDir
    private Path folder;

    private final RunOptions options = new RunOptions();

    @BeforeEach
    void resume() {
        new CommandLine(options).parseArgs("--out", folder.toString(), "--resume");
    }

    @ParameterizedTest
    @CsvSource({"--serve 9090, 9090", "--serve=9090, 9090", "--serve, 8080", "--serve training.batchSize=8, 8080"})
    void aSettingMayFollowTheOptionOfThePage(String words, int port) throws Exception {
        RunOptions served = new RunOptions();
        new CommandLine(served).parseArgs(("--out x " + words).split(" "));
        assertThat(served.port()).isEqualTo(port);
        assertThat(served.config("tiny").training().batchSize())
                .isEqualTo(words.contains("batch") ? 8 : TINY.training().batchSize());
    }

    @Test
    void equalSettingsResume() throws Exception {
        options.prepare(TRAIN, TINY, ATTACKS).close();
        assertThatCode(() -> options.refuseOtherRun(TRAIN, TINY, ATTACKS)).doesNotThrowAnyException();
    }

    @Test
    void runsWithLegacyKeysResume() throws Exception {
        written("# train --method clip, attack: targeted\nseed = 0\nbatch = 128\nclipRate = 0.002\n");
        assertThatCode(() -> options.refuseOtherRun(TRAIN, TINY, ATTACKS)).doesNotThrowAnyException();
    }

    @Test
    void differentSettingsAreReported() throws Exception {
        written("# train --method clip, attack: targeted\nseed = 0\nclipRate = 0.001\n");
        assertThatThrownBy(() -> options.refuseOtherRun(TRAIN, TINY, ATTACKS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(folder.resolve("config.toml") + ": the run was started with other settings"
                        + " (clip.learningRate = 0.001, now 0.002);");
    }

    @Test
    void aDifferentMethodOrAttackIsReported() throws Exception {
        options.prepare(TRAIN, TINY, ATTACKS).close();
        assertThatThrownBy(() -> options.refuseOtherRun("train --method safeclip", TINY, ATTACKS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "was started with other settings (train --method clip, attack: targeted, now train"
                                + " --method safeclip, attack: targeted)");
        assertThatThrownBy(() -> options.refuseOtherRun(TRAIN, TINY, List.of("badnet")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("now train --method clip, attack: badnet");
    }

    @Test
    void asLongAsARunGoesOnItsFolderIsClosedToOthers() throws Exception {
        Path settings = folder.resolve("config.toml");
        try (RunLock lock = options.prepare(TRAIN, TINY, ATTACKS)) {
            assertThat(lock).isNotNull();
            String before = Files.readString(settings);
            assertThatThrownBy(() -> options.prepare("train --method safeclip", TINY, ATTACKS))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(folder + ": another process is training in this folder; wait for it, or choose another"
                            + " --out");
            assertThat(Files.readString(settings)).isEqualTo(before);
        }
        options.prepare(TRAIN, TINY, ATTACKS).close();
    }

    private void written(String text) throws Exception {
        Files.writeString(folder.resolve("config.toml"), text);
    }
}
