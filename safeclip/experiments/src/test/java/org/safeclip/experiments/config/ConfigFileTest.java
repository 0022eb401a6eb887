package org.safeclip.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.reference.PassOrder;

/** A configuration survives its file, and what is wrong with one is said in a line that names the key. */
class ConfigFileTest {
    private static final ExperimentConfig TINY = ConfigFile.preset("tiny", List.of());

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "quick"})
    void whatIsWrittenIsReadBack(String preset) {
        ExperimentConfig config = ConfigFile.preset(
                preset,
                List.of(
                        "seed=-9007199254740993",
                        "clipRate=1.25e-7",
                        "stem=[]",
                        "patch=8",
                        "imageLayers=1",
                        "passOrder=safe-risky",
                        "rateRule=reference",
                        "flip=false"));
        assertThat(config.passOrder()).isEqualTo(PassOrder.SAFE_RISKY);
        assertThat(ConfigFile.parse("test", ConfigFile.toml(config), List.of())).isEqualTo(config);
    }

    @Test
    void textWithQuotesSurvivesToo() {
        ExperimentConfig config = ConfigFile.preset("tiny", List.of("heldOutArtist=a\"b\\c"));
        assertThat(config.heldOutArtist()).isEqualTo("a\"b\\c");
        assertThat(ConfigFile.parse("test", ConfigFile.toml(config), List.of())).isEqualTo(config);
    }

    @Test
    void aPresetThatSaysOnlyDifferencesTakesTheRestFromItsBase() {
        ExperimentConfig quick = ConfigFile.preset("quick", List.of());
        assertThat(quick).isNotEqualTo(TINY);
        assertThat(quick.imageWidth()).isEqualTo(TINY.imageWidth());
    }

    @Test
    void theLargeModelsHaveTheSettingsOfThePaper() {
        for (String name : List.of("rn50", "vit-b-32")) {
            ExperimentConfig large = ConfigFile.preset(name, List.of());
            assertThat(large.batch()).isEqualTo(512);
            assertThat(large.slowRate()).isEqualTo(5e-6);
            assertThat(large.safeGrowth()).isEqualTo(0.01);
            assertThat(large.neighbours()).isTrue();
            assertThat(large.bottlenecks().isEmpty()).isEqualTo(name.equals("vit-b-32"));
        }
    }

    @Test
    void everySettingOfTheBasePresetIsOneLineOfItsFile() throws Exception {
        String text;
        try (var in = ConfigFile.class.getResourceAsStream("presets/tiny.toml")) {
            assertThat(in).isNotNull();
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (RecordComponent component : ExperimentConfig.class.getRecordComponents()) {
            assertThat(Pattern.compile("(?m)^" + component.getName() + " = ").split(text))
                    .as("lines of %s in tiny.toml", component.getName())
                    .hasSize(2);
        }
    }

    @Test
    void theLaterOverrideWinsOverTheEarlierAndBothOverTheFile() {
        ExperimentConfig config = ConfigFile.parse("test", ConfigFile.toml(TINY), List.of("batch=64", "batch = 32"));
        assertThat(config.batch()).isEqualTo(32);
    }

    @Test
    void textNeedsNoQuotesOnTheCommandLine() {
        List<String> plain = List.of("heldOutArtist=openmoji");
        List<String> quoted = List.of("heldOutArtist=\"openmoji\"");
        assertThat(ConfigFile.preset("tiny", plain)).isEqualTo(ConfigFile.preset("tiny", quoted));
    }

    @Test
    void anUnknownKeyIsAnsweredWithTheNearestAndWithAll() {
        refusal("clipEpoch=3")
                .hasMessageStartingWith("command line: there is no setting 'clipEpoch'; did you mean 'clipEpochs'?")
                .hasMessageEndingWith(String.join(
                        ", ",
                        Arrays.stream(ExperimentConfig.class.getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList()));
    }

    @Test
    void anUnknownKeyInAFileNamesTheFile() {
        String text = ConfigFile.toml(TINY) + "imageWdth = 3\n";
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", text, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.toml: there is no setting 'imageWdth'; did you mean 'imageWidth'?");
    }

    @Test
    void aMissingKeyIsNamed() {
        String text = ConfigFile.toml(TINY).replaceAll("(?m)^safeCap .*\\R", "");
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", text, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("my.toml: the setting 'safeCap' is missing");
    }

    @Test
    void whatIsMissingInTheFileMayComeFromTheCommandLine() {
        String text = ConfigFile.toml(TINY).replaceAll("(?m)^safeCap .*\\R", "");
        assertThat(ConfigFile.parse("my.toml", text, List.of("safeCap=0.5")).safeCap())
                .isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        batch=1.5            | setting batch is 1.5, expected a whole number
        batch=many           | setting batch is "many", expected a whole number
        clipRate=fast        | setting clipRate is "fast", expected a number
        flip=1               | setting flip is 1, expected true or false
        heldOutArtist=7      | setting heldOutArtist is 7, expected text
        passOrder=random     | setting passOrder is "random", expected "risky-safe" or "safe-risky" or "interleaved"
        selector=3           | setting selector is 3, expected "mixture" or "cosine"
        stem=32              | setting stem is 32, expected a list of whole numbers such as [32, 64]
        stem=[1.5]           | setting stem is [1.5], expected a list of whole numbers such as [32, 64]
        batch=99999999999999 | 99999999999999
        imageHeads=0         | imageHeads is 0, expected a divisor of imageWidth
        batch=1              | batch is 1, expected at least 2
        batch                | 'batch' is no setting; expected key=value
        =3                   | '=3' is no setting; expected key=value
        """)
    void aWrongValueIsNamedWithWhatWasExpected(String override, String message) {
        refusal(override).hasMessageContaining(message).hasMessageNotContaining("\n");
    }

    @Test
    void abrokenLineIsCountedForTheReader() {
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", "seed = 1\nbatch 3\n", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.toml, line 2: not TOML (key = value): ");
    }

    @Test
    void aSectionIsNoSetting() {
        String text = ConfigFile.toml(TINY) + "[model]\nimageWidth = 3\n";
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", text, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.toml: there is no setting 'model'");
    }

    @Test
    void thereIsNoPresetOfAnyName() {
        assertThatThrownBy(() -> ConfigFile.preset("huge", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no preset 'huge'; there are tiny, quick, small, vit-b-32, rn50");
    }

    @Test
    void whatIsNoTextFileIsRefusedByName(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> ConfigFile.read(folder, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder + ": is a folder");
        Path picture = Files.write(folder.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff});
        assertThatThrownBy(() -> ConfigFile.read(picture, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(picture + ": is no UTF-8 text");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refusal(String override) {
        return assertThatThrownBy(() -> ConfigFile.preset("tiny", List.of(override)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
