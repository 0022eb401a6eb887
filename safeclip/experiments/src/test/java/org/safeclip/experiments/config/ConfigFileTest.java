package org.safeclip.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.reference.PassOrder;
import org.safeclip.settings.InvalidInputException;

/** A configuration is unchanged after writing and reading, and errors name the key on one line. */
class ConfigFileTest {
    private static final ExperimentConfig TINY = ConfigFile.preset("tiny", List.of());

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "quick", "paper", "small", "vit-b-32", "rn50"})
    void writtenConfigurationsAreReadBack(String preset) {
        ExperimentConfig plain = ConfigFile.preset(preset, List.of());
        assertThat(ConfigFile.parse("test", ConfigFile.toml(plain), List.of())).isEqualTo(plain);

        ExperimentConfig config = ConfigFile.preset(
                preset,
                List.of(
                        "seed=-9007199254740993",
                        "clip.learningRate=1.25e-7",
                        "model.vision.stem=[]",
                        "model.vision.bottlenecks=[]",
                        "model.vision.patch=8",
                        "model.vision.layers=1",
                        "reference.passOrder=safe-risky",
                        "reference.learningRates=reference",
                        "augmentation.flip=false"));
        assertThat(config.seed()).isEqualTo(-9007199254740993L);
        assertThat(config.reference().passOrder()).isEqualTo(PassOrder.SAFE_RISKY);
        assertThat(ConfigFile.parse("test", ConfigFile.toml(config), List.of())).isEqualTo(config);
        assertThat(ConfigFile.differences(ConfigFile.toml(config), config)).isEmpty();
    }

    @Test
    void textWithQuotesIsReadBack() {
        ExperimentConfig config = ConfigFile.preset("tiny", List.of("data.heldOutArtist=a\"b\\c"));
        assertThat(config.data().heldOutArtist()).isEqualTo("a\"b\\c");
        assertThat(ConfigFile.parse("test", ConfigFile.toml(config), List.of())).isEqualTo(config);
    }

    @Test
    void presetsContainOnlyDifferencesFromTheDefaults() {
        ExperimentConfig quick = ConfigFile.preset("quick", List.of());
        assertThat(quick).isNotEqualTo(TINY);
        assertThat(quick.model()).isEqualTo(TINY.model());
        assertThat(TINY).isEqualTo(ExperimentConfig.defaults());
    }

    @Test
    void aFileCanBeBasedOnAPreset() {
        ExperimentConfig config = ConfigFile.parse("test", "base = \"rn50\"\n[training]\nbatchSize = 64\n", List.of());
        assertThat(config).isEqualTo(ConfigFile.preset("rn50", List.of("training.batchSize=64")));
    }

    @Test
    void theLargeModelsHaveTheSettingsOfThePaper() {
        for (String name : List.of("rn50", "vit-b-32")) {
            ExperimentConfig large = ConfigFile.preset(name, List.of());
            assertThat(large.training().batchSize()).isEqualTo(512);
            assertThat(large.safeclip().slowLearningRate()).isEqualTo(5e-6);
            assertThat(large.safeclip().growth()).isEqualTo(0.01);
            assertThat(large.pools().neighbours()).isTrue();
            assertThat(large.model().vision().bottlenecks().isEmpty()).isEqualTo(name.equals("vit-b-32"));
        }
    }

    @Test
    void everySettingIsOneLineOfItsTableAndHasAMeaning() {
        String text = ConfigFile.toml(TINY);
        for (SettingKey key : SettingKey.all()) {
            String head = key.table().isEmpty() ? "\n" : "\n[" + key.table() + "]\n";
            String table = ("\n" + text).split(Pattern.quote(head), -1)[1].split("\n\\[", -1)[0];
            assertThat(table.lines()
                            .filter(line -> line.startsWith(key.component().getName() + " = ")))
                    .as(key.key())
                    .hasSize(1);
            assertThat(key.meaning()).as(key.key()).isNotBlank().doesNotEndWith(".");
        }
        assertThat(text.lines().filter(line -> line.contains(" = "))).hasSameSizeAs(SettingKey.all());
    }

    @Test
    void laterOverridesWinAndOverridesWinOverTheFile() {
        ExperimentConfig config = ConfigFile.parse(
                "test", ConfigFile.toml(TINY), List.of("training.batchSize=64", "training.batchSize = 32"));
        assertThat(config.training().batchSize()).isEqualTo(32);
    }

    @Test
    void textNeedsNoQuotesOnTheCommandLine() {
        List<String> plain = List.of("data.heldOutArtist=openmoji");
        List<String> quoted = List.of("data.heldOutArtist=\"openmoji\"");
        assertThat(ConfigFile.preset("tiny", plain)).isEqualTo(ConfigFile.preset("tiny", quoted));
        assertThat(ConfigFile.preset("tiny", plain).data().heldOutArtist()).isEqualTo("openmoji");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7 | 7",
                "007 | 007",
                "1e5 | 1e5",
                "true | true",
                "2026-01-01 | 2026-01-01",
                "[1, 2] | [1, 2]",
                "nan | nan",
                "7,8 | 7,8",
                "'7' | 7",
                "7 # seven | 7 # seven",
                "{a = 1} | {a = 1}"
            })
    void whateverIsGivenForATextIsText(String written, String expected) {
        assertThat(ConfigFile.preset("tiny", List.of("data.classes=" + written))
                        .data()
                        .classes())
                .isEqualTo(expected);
        assertThat(ConfigFile.preset("tiny", List.of("classes=" + written))
                        .data()
                        .classes())
                .isEqualTo(expected);
    }

    @Test
    void aNumberForATextInAFileIsRefused() {
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", "[data]\nclasses = 7", List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("my.toml: data.classes is 7, expected text");
    }

    @Test
    void missingSettingsComeFromTheCommandLineOrTheDefaults() {
        String text = ConfigFile.toml(TINY).replaceAll("(?m)^cap = .*\\R", "");
        assertThat(text).hasSizeLessThan(ConfigFile.toml(TINY).length());
        assertThat(ConfigFile.parse("my.toml", text, List.of())).isEqualTo(TINY);
        ExperimentConfig given = ConfigFile.parse("my.toml", text, List.of("safeclip.cap=0.5"));
        assertThat(given.safeclip().cap()).isEqualTo(0.5);
    }

    @Test
    void differencesNameTheKeyAndBothValues() {
        ExperimentConfig now = ConfigFile.preset("tiny", List.of("clip.learningRate=1e-4", "data.source=/x.csv"));
        assertThat(ConfigFile.differences(ConfigFile.toml(TINY), now))
                .containsExactly("data.source = \"emoji\", now \"/x.csv\"", "clip.learningRate = 0.002, now 1.0E-4");
        assertThat(ConfigFile.differences("", TINY)).isEmpty();
    }

    /** A run is resumed and evaluated from any folder, also one that was started when paths stayed relative. */
    @Test
    void filesAreFoundFromAnyFolder() {
        ExperimentConfig relative =
                ConfigFile.preset("tiny", List.of("data.source=a/../x.csv", "data.poisonMask=m.csv"));
        ExperimentConfig absolute = relative.absolute();
        assertThat(absolute.data().source())
                .isEqualTo(Path.of("x.csv").toAbsolutePath().toString());
        assertThat(absolute.data().poisonMask())
                .isEqualTo(Path.of("m.csv").toAbsolutePath().toString());
        assertThat(absolute.data().cache()).isEmpty();
        assertThat(absolute.absolute()).isEqualTo(absolute);
        assertThat(TINY.absolute()).isEqualTo(TINY);
        assertThat(ConfigFile.differences(ConfigFile.toml(relative), absolute)).isEmpty();
        ExperimentConfig elsewhere = ConfigFile.preset("tiny", List.of("data.cache=/tmp/c", "data.inMemory=1"));
        assertThat(ConfigFile.differences(ConfigFile.toml(TINY), elsewhere)).isEmpty();
    }

    /** A run is resumed after its data have moved; whether they are the same is for their hash to say. */
    @Test
    void ownDataMayMove() {
        String written = ConfigFile.toml(ConfigFile.preset(
                "tiny", List.of("data.source=/a", "data.poisonMask=/a/mask.csv", "data.classes=/a/classes.txt")));
        List<String> moved = List.of("data.source=/b", "data.poisonMask=/b/mask.csv", "data.classes=/b/classes.txt");
        assertThat(ConfigFile.differencesIfMoved(written, ConfigFile.preset("tiny", moved)))
                .isEmpty();
        assertThat(ConfigFile.differences(written, ConfigFile.preset("tiny", moved)))
                .hasSize(3);
        List<String> others = List.of("data.source=/b", "data.poisonMask=/b/m.csv", "data.classes=dog,cat");
        assertThat(ConfigFile.differencesIfMoved(written, ConfigFile.preset("tiny", others)))
                .extracting(line -> line.replaceFirst(" .*", ""))
                .containsExactly("data.classes", "data.poisonMask");
        assertThat(ConfigFile.differencesIfMoved(written, TINY)).contains("data.source = \"/a\", now \"emoji\"");
    }

    @Test
    void unknownKeysSuggestTheNearest() {
        refusal("clip.epoch=3")
                .hasMessage("command line: there is no setting 'clip.epoch'; did you mean 'clip.epochs'?"
                        + " 'safeclip settings' lists all");
        refusal("batchsize=3").hasMessageContaining("'batchsize'; did you mean 'training.batchSize'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [model.vision];wdth = 3 | 'model.vision.wdth'; did you mean 'model.vision.width'?
        [modell];embedding = 3  | 'modell.embedding'; did you mean 'model.embedding'?
        model = 3               | 'model'
        [seed];seed = 3         | 'seed.seed'
        """)
    void unknownKeysInAFileNameTheFile(String text, String named) {
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", text.replace(';', '\n'), List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("my.toml: there is no setting " + named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        training.batchSize=1.5         | command line: training.batchSize is 1.5, expected a whole number at least 2
        training.batchSize=many        | command line: training.batchSize is "many", expected a whole number at least 2
        training.batchSize=1           | command line: training.batchSize is 1, expected at least 2
        training.batchSize=99999999999 | command line: training.batchSize is 99999999999, expected a whole number at least 2
        clip.learningRate=fast         | command line: clip.learningRate is "fast", expected a number
        safeclip.growth=-0.1           | command line: safeclip.growth is -0.1, expected
        safeclip.growth=nan            | command line: safeclip.growth is NaN, expected
        augmentation.flip=1            | command line: augmentation.flip is 1, expected true or false
        reference.passOrder=random     | command line: reference.passOrder is "random", expected risky-safe or safe-risky or interleaved
        reference.selector=3           | command line: reference.selector is 3, expected mixture or cosine
        model.vision.stem=32           | command line: model.vision.stem is 32, expected a list of whole numbers such as [32, 64]
        model.vision.stem=[1.5]        | command line: model.vision.stem is [1.5], expected a list of whole numbers such as [32, 64]
        model.vision.heads=0           | command line: model.vision.heads is 0, expected at least 1
        model.text.heads=3             | command line: model.text.heads is 3, expected a divisor of width 64
        batch                          | 'batch' is not a setting; expected key=value
        =3                             | '=3' is not a setting; expected key=value
        """)
    void wrongValuesAreReportedWithTheExpectedOnes(String override, String message) {
        refusal(override).hasMessageStartingWith(message).hasMessageNotContaining("\n");
    }

    @Test
    void syntaxErrorsNameTheLine() {
        assertThatThrownBy(() -> ConfigFile.parse("my.toml", "seed = 1\nbatch 3\n", List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("my.toml, line 2: not TOML (key = value): ");
    }

    @Test
    void unknownPresetsAreRefused() {
        assertThatThrownBy(() -> ConfigFile.preset("huge", List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is no preset 'huge'; there are tiny, quick, paper, small, vit-b-32, rn50");
    }

    @Test
    void filesThatAreNotTextAreRefusedByName(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> ConfigFile.read(folder, List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(folder + ": is a folder");
        Path image = Files.write(folder.resolve("image.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff});
        assertThatThrownBy(() -> ConfigFile.read(image, List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(image + ": is not UTF-8 text");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refusal(String override) {
        return assertThatThrownBy(() -> ConfigFile.preset("tiny", List.of(override)))
                .isInstanceOf(InvalidInputException.class);
    }
}
