package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.experiments.image.ImageFile;

/** Bad input is reported on one line and changes no files. */
class BadInputTest {
    @TempDir
    private Path folder;

    /** Commands with FOLDER for the folder of the test, and the expected part of the message. */
    static Stream<Arguments> badInput() {
        return Stream.of(
                bad(
                        "there is no setting 'clipEpoch'; did you mean 'clip.epochs'",
                        "train --out FOLDER/new clipEpoch=3"),
                bad(
                        "training.batchSize (batch) is \"many\", expected a whole number at least 2",
                        "train --out FOLDER/new batch=many"),
                bad("no backend named 'cuda'; there are ", "train --out FOLDER/new --backend cuda"),
                bad("no backend named 'cuda'", "demo --out FOLDER/new --backend cuda"),
                bad("no backend named 'cuda'", "evaluate FOLDER/foreign.safetensors --backend cuda"),
                bad(
                        "FOLDER/missing.toml: there is no such file",
                        "train --out FOLDER/new --config FOLDER/missing.toml"),
                bad("FOLDER/run: is a folder", "train --out FOLDER/new --config FOLDER/run"),
                bad("broken.toml, line 2: not TOML", "train --out FOLDER/new --config FOLDER/broken.toml"),
                bad("FOLDER/file: is a file where a folder is needed", "train --out FOLDER/file"),
                bad("FOLDER/file: is a file where a folder is needed", "demo --out FOLDER/file"),
                bad("already contains a run (checkpoint.safetensors)", "train --out FOLDER/run"),
                bad("already contains a run (result.json)", "demo --out FOLDER/demo"),
                bad("was started with other settings", "train --out FOLDER/run --resume seed=5"),
                bad("already contains a run (result.json)", "train --out FOLDER/demo"),
                bad("--quick has its own settings", "demo --out FOLDER/new --quick --preset small"),
                bad(
                        "augmentation.blurSigma is 0.0, expected at least 0.1",
                        "train --out FOLDER/new augmentation.blurSigma=0"),
                bad(
                        "augmentation.weakStrength is 2.0, expected at least 0, at most 1",
                        "train --out FOLDER/new augmentation.weakStrength=2"),
                bad(
                        "scoring.maxIterations is -1, expected at least 1",
                        "train --out FOLDER/new scoring.maxIterations=-1"),
                bad(
                        "attack.triggerWord is \"x1\", expected lower-case letters a to z",
                        "train --out FOLDER/new attack.triggerWord=x1"),
                bad("a demo needs an attack", "demo --out FOLDER/new --attack none"),
                bad(
                        "there is no attack 'rowhammer'; there are none, targeted,",
                        "train --out FOLDER/new --attack rowhammer"),
                bad("Missing required option: '--out=DIR'", "train"),
                bad(
                        "FOLDER/missing: no such folder; expected the folder png of the package openclipart-png",
                        "prepare open-clipart --from FOLDER/missing --out FOLDER/new"),
                bad(
                        "FOLDER/run: holds no usable PNG pictures; expected the folder png",
                        "prepare open-clipart --from FOLDER/run --out FOLDER/new"),
                bad("FOLDER/run: is not empty", "prepare open-clipart --from FOLDER/run --out FOLDER/run"),
                bad("'emoji' is no set that can be prepared; expected open-clipart", "prepare emoji --out FOLDER/new"),
                bad(
                        "--captions is 4, expected 1 to 3",
                        "prepare open-clipart --from FOLDER/run --out FOLDER/new --captions 4"),
                bad(
                        "FOLDER/none.txt: there is no such file",
                        "train --data FOLDER/good.csv --out FOLDER/new data.classes=FOLDER/none.txt"),
                bad("'--seed': 'x' is not a long", "train --out FOLDER/new --seed x"),
                bad("Unknown option: '--epochs'", "train --out FOLDER/new --epochs 3"),
                bad("FOLDER/no.safetensors: there is no such file", "evaluate FOLDER/no.safetensors"),
                bad("FOLDER/run: is a folder; name the .safetensors file in it", "evaluate FOLDER/run"),
                bad("not a safetensors file", "evaluate FOLDER/file"),
                bad("was not written by this program", "evaluate FOLDER/foreign.safetensors"),
                bad(
                        "there is no preset 'rn51'; there are tiny, quick, paper, small, vit-b-32, rn50",
                        "evaluate x --preset rn51"),
                bad(
                        "vocabulary is 2048, but a file of weights contains",
                        "evaluate FOLDER/foreign.safetensors --preset tiny"),
                bad(
                        "foreign.safetensors: the model has no tensor 'w'",
                        "evaluate FOLDER/foreign.safetensors --preset tiny model.text.vocabulary=0"),
                bad("a checkpoint has its own settings", "evaluate FOLDER/foreign.safetensors seed=1"),
                bad("FOLDER/no.txt: there is no such file", "evaluate x --templates FOLDER/no.txt"),
                bad("FOLDER/file: template \"some text", "evaluate x --templates FOLDER/file"),
                bad("--preset and --config are both given", "train --out FOLDER/new --preset rn50 --config x"),
                bad("FOLDER/no.safetensors: there is no such file", "search FOLDER/no.safetensors apple"),
                bad("was not written by this program", "search FOLDER/foreign.safetensors apple"),
                bad("Missing required parameter: 'TEXT'", "search FOLDER/foreign.safetensors"),
                bad("--top is 0, expected at least 1", "search FOLDER/foreign.safetensors apple --top 0"),
                bad("poison needs an attack", "poison --out FOLDER/new --attack none"),
                bad("there is no attack 'rowhammer'", "poison --out FOLDER/new --attack rowhammer"),
                bad("attack sig is named twice", "poison --out FOLDER/new --attack sig --attack sig"),
                bad("FOLDER/run: is not empty", "poison --out FOLDER/run --attack badnet"),
                bad("FOLDER/file: is a file where a folder is needed", "poison --out FOLDER/file --attack badnet"),
                bad("--format is bmp, expected png or jpg", "poison --out FOLDER/new --attack sig --format bmp"),
                bad(
                        "attack.captions (falseCaptions) is \"invented\", expected genuine or templates",
                        "poison --out FOLDER/new --attack sig falseCaptions=invented"),
                bad(
                        "FOLDER/no.csv: there is no such file",
                        "poison --out FOLDER/new --attack sig --data FOLDER/no.csv"),
                bad("FOLDER/file, line 1: no column image", "train --out FOLDER/new --data FOLDER/file"),
                bad("FOLDER/list.csv: 1 of 1 images cannot be used", "train --out FOLDER/new --data FOLDER/list.csv"),
                bad("there is no command 'trian', did you mean 'train'", "trian"));
    }

    /** Commands whose errors are only found after reading the images. */
    static Stream<Arguments> badInputThatNeedsImages() {
        return Stream.of(
                bad("FOLDER/file", "train --out FOLDER/file/below model.text.vocabulary=520"),
                bad(
                        "names exactly one of x, y (case-sensitive)",
                        "poison --out FOLDER/new --attack targeted data.classes=x,y --data FOLDER/good.csv"),
                bad(
                        "targeted: 16 targets, but there are 0 classes and 0 held-out images of them",
                        "poison --out FOLDER/new --attack targeted attack.targets=16 --data FOLDER/good.csv"),
                bad(
                        "cleanclip needs pairs known to be clean",
                        "train --method cleanclip --out FOLDER/new --data FOLDER/good.csv SMALL"
                                + " data.heldOutShare=0 training.batchSize=2"),
                bad(
                        "of another class than \"cat\" is left to test the backdoor on; use fewer poisons"
                                + " (attack.poisons)",
                        "train --out FOLDER/new --attack badnet --data FOLDER/good.csv data.classes=dog,cat"
                                + " data.heldOutShare=0.4 attack.targetClass=cat attack.poisons=1 SMALL"),
                bad("m.csv, but the embedded images", "train --out FOLDER/new data.poisonMask=m.csv"),
                bad("5000 pairs to poison, but only", "poison --out FOLDER/new --attack badnet attack.poisons=5000"),
                bad(
                        "attack.targetClass is \"spaceship\", expected one of the classes tested: mammal, ",
                        "poison --out FOLDER/new --attack badnet attack.targetClass=spaceship"),
                bad(
                        "named by 9000 training captions",
                        "poison --out FOLDER/new --attack label-consistent attack.poisons=9000"),
                bad("held-out artist \"nobody\" is unknown", "train --out FOLDER/new data.heldOutArtist=nobody"),
                bad(
                        "model.imageSize is 32, expected a multiple of 5: of the patch",
                        "train --out FOLDER/new SMALL model.vision.stem=[] model.vision.patch=5 model.vision.layers=1"),
                bad(
                        "training.batchSize is 100000, expected at most the",
                        "demo --out FOLDER/new SMALL training.batchSize=100000"),
                bad("is neither a file nor a preset", "compare nothing --out FOLDER/new"),
                bad("--jobs is 0, expected at least 1", "compare compare-emoji --jobs 0 --out FOLDER/new"),
                bad("was written with another", "train --out FOLDER/strange --resume SMALL"));
    }

    private static Arguments bad(String expected, String command) {
        return Arguments.of(command, expected);
    }

    @ParameterizedTest
    @MethodSource({"badInput", "badInputThatNeedsImages"})
    void badInputGivesOneLineExitCodeTwoAndNoFiles(String command, String expected) throws Exception {
        Files.writeString(folder.resolve("file"), "some text, long enough for a header length\n");
        Files.writeString(folder.resolve("broken.toml"), "seed = 1\nbatch 3\n");
        Files.write(folder.resolve("foreign.safetensors"), foreign());
        Files.writeString(folder.resolve("list.csv"), "image,caption\nmissing.png,a dog\n");
        Files.writeString(
                folder.resolve("good.csv"), "image,caption\ngood.png,a dog\nfine.png,a dog\nnice.png,a cat\n");
        for (String name : List.of("fine", "nice")) {
            ImageFile.write(new byte[8 * 8 * 3], "png", folder.resolve(name + ".png"));
        }
        ImageFile.write(new byte[8 * 8 * 3], "png", folder.resolve("good.png"));
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.write(run.resolve("checkpoint.safetensors"), foreign());
        Files.writeString(run.resolve("config.toml"), "# of another run\n");
        Path strange = Files.createDirectory(folder.resolve("strange"));
        Files.write(strange.resolve("checkpoint.safetensors"), foreign());
        Files.writeString(Files.createDirectory(folder.resolve("demo")).resolve("result.json"), "{}\n");
        Map<String, String> before = tree();

        CliResult answer = CliResult.to(arguments(command));

        assertThat(answer.code()).as(answer.err()).isEqualTo(2);
        assertThat(answer.err().lines()).as(answer.err()).hasSize(1);
        assertThat(answer.err())
                .startsWith("safeclip: ")
                .contains(expected.replace("FOLDER", folder.toString()))
                .doesNotContain("Exception", "null");
        assertThat(tree()).isEqualTo(before);
    }

    private String[] arguments(String command) {
        List<String> arguments = new ArrayList<>();
        for (String word : command.split(" ", -1)) {
            if (word.equals("SMALL")) {
                arguments.addAll(CliResult.SMALL);
            } else if (!word.isEmpty()) {
                arguments.add(word.replace("FOLDER", folder.toString()));
            }
        }
        return arguments.toArray(String[]::new);
    }

    /** A valid safetensors file with one tensor that no model has. */
    private static byte[] foreign() {
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] file = new byte[8 + text.length + 4];
        file[0] = (byte) text.length;
        System.arraycopy(text, 0, file, 8, text.length);
        return file;
    }

    /** Every file under the folder with its content. */
    private Map<String, String> tree() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            Map<String, String> tree = new TreeMap<>();
            paths.forEach(path -> tree.put(path.toString(), Files.isDirectory(path) ? "folder" : content(path)));
            return tree;
        }
    }

    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
