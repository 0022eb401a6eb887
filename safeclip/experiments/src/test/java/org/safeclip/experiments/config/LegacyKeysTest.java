package org.safeclip.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.settings.InvalidInputException;

/** Keys from before settings had tables are still read. The test resources contain the presets as that version wrote them, except one that has changed since. */
class LegacyKeysTest {
    @ParameterizedTest
    @ValueSource(strings = {"tiny", "small", "vit-b-32", "rn50"})
    void legacyPresetsEqualCurrentOnes(String preset) throws IOException {
        ExperimentConfig now = ConfigFile.preset(preset, List.of());
        assertThat(ConfigFile.parse("legacy", legacy(preset), List.of())).isEqualTo(now);
        assertThat(ConfigFile.differences(legacy(preset), now)).isEmpty();
    }

    @Test
    void everyLegacyKeyMapsToItsOwnSetting() throws IOException {
        List<String> present = SettingKey.all().stream().map(SettingKey::key).toList();
        assertThat(oldKeys().map(LegacyKeys::current))
                .hasSize(91)
                .doesNotHaveDuplicates()
                .isSubsetOf(present);
        assertThat(oldKeys().filter(key -> !key.equals("seed")))
                .as("keys that moved into a table")
                .noneMatch(key -> LegacyKeys.current(key).equals(key));
    }

    @Test
    void legacyAndCurrentKeysCanBeMixed() {
        ExperimentConfig config = ConfigFile.parse(
                "test", "safeGrowth = 0.3\n[safeclip]\ncap = 0.6\n", List.of("batch=64", "training.batchSize=32"));
        assertThat(config.safeclip().growth()).isEqualTo(0.3);
        assertThat(config.safeclip().cap()).isEqualTo(0.6);
        assertThat(config.training().batchSize()).isEqualTo(32);
        assertThat(config)
                .isEqualTo(ConfigFile.preset(
                        "tiny", List.of("safeclip.growth=0.3", "safeCap=0.6", "training.batchSize=64", "batch=32")));
    }

    @Test
    void differencesFromALegacyFileUseCurrentKeys() throws IOException {
        ExperimentConfig now = ConfigFile.preset("tiny", List.of("clipRate=1e-4"));
        assertThat(ConfigFile.differences(legacy("tiny"), now))
                .containsExactly("clip.learningRate = 0.002, now 1.0E-4");
    }

    @Test
    void errorsForLegacyKeysUseCurrentKeys() {
        assertThatThrownBy(() -> ConfigFile.preset("tiny", List.of("batch=many")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("training.batchSize (batch) is \"many\", expected a whole number");
        assertThatThrownBy(() -> ConfigFile.preset("tiny", List.of("clipEpoch=3")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no setting 'clipEpoch'; did you mean 'clip.epochs'?");
    }

    private static Stream<String> oldKeys() throws IOException {
        return legacy("tiny").lines().map(line -> line.substring(0, line.indexOf(" = ")));
    }

    private static String legacy(String preset) throws IOException {
        try (InputStream in = LegacyKeysTest.class.getResourceAsStream("legacy-" + preset + ".toml")) {
            assertThat(in).as(preset).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
