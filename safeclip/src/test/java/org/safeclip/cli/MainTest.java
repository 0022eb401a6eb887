package org.safeclip.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.ConfigFile;
import org.safeclip.PublishedFile;
import org.safeclip.data.PictureFile;
import org.safeclip.model.ClipModel;
import org.safeclip.model.ModelShape;
import org.safeclip.nn.io.DType;
import org.safeclip.nn.io.SafeTensors;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import picocli.CommandLine;

/** The command line says in one line what is wrong and leaves the disk as it was; and its commands work together. */
class MainTest {
    private static final String[] SMALL = {
        "imageLayers=0",
        "stem=[8, 8, 8]",
        "patch=0",
        "textWidth=16",
        "textLayers=1",
        "textHeads=2",
        "embedding=8",
        "vocabulary=520",
        "batch=64",
        "pool=128",
        "maxSteps=3",
        "evaluateEvery=0"
    };

    @TempDir
    private Path folder;

    /** What a command said. */
    private record Answer(int code, String out, String err) {}

    private static Answer run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Answer(code, out.toString(), err.toString());
    }

    /** Arguments with FOLDER for the folder of the test, and what the answer must contain. */
    static Stream<Arguments> badInput() {
        return Stream.of(
                bad("there is no setting 'clipEpoch'; did you mean 'clipEpochs'", "train --out FOLDER/new clipEpoch=3"),
                bad("setting batch is \"many\", expected a whole number", "train --out FOLDER/new batch=many"),
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
                bad("holds a run already (checkpoint.safetensors)", "train --out FOLDER/run"),
                bad("holds a run already (result.json)", "demo --out FOLDER/demo"),
                bad("was started with other settings", "train --out FOLDER/run --resume seed=5"),
                bad("holds a run already (result.json)", "train --out FOLDER/demo"),
                bad("--quick brings settings of its own", "demo --out FOLDER/new --quick --preset small"),
                bad("blurSigma is 0.0, expected at least 0.1 (blurChance=0", "train --out FOLDER/new blurSigma=0"),
                bad("crossModalStrength is 2.0, expected from 0 to 1", "train --out FOLDER/new crossModalStrength=2"),
                bad("mixtureIterations is -1, expected at least 1", "train --out FOLDER/new mixtureIterations=-1"),
                bad("triggerWord is \"x1\", expected letters a to z", "train --out FOLDER/new triggerWord=x1"),
                bad("a demo needs an attack", "demo --out FOLDER/new --attack none"),
                bad(
                        "there is no attack 'rowhammer'; there are none, targeted,",
                        "train --out FOLDER/new --attack rowhammer"),
                bad("Missing required option: '--out=DIR'", "train"),
                bad("'--seed': 'x' is not a long", "train --out FOLDER/new --seed x"),
                bad("Unknown option: '--epochs'", "train --out FOLDER/new --epochs 3"),
                bad("FOLDER/no.safetensors: there is no such file", "evaluate FOLDER/no.safetensors"),
                bad("FOLDER/run: is a folder; name the .safetensors file in it", "evaluate FOLDER/run"),
                bad("not a safetensors file", "evaluate FOLDER/file"),
                bad("was not written by this program", "evaluate FOLDER/foreign.safetensors"),
                bad(
                        "there is no preset 'rn51'; there are tiny, quick, small, vit-b-32, rn50",
                        "evaluate x --preset rn51"),
                bad(
                        "vocabulary is 2048, but a file of weights carries",
                        "evaluate FOLDER/foreign.safetensors --preset tiny"),
                bad(
                        "foreign.safetensors: the model has no tensor 'w'",
                        "evaluate FOLDER/foreign.safetensors --preset tiny vocabulary=0"),
                bad("a checkpoint brings its own settings", "evaluate FOLDER/foreign.safetensors seed=1"),
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
                bad("falseCaptions is invented", "poison --out FOLDER/new --attack sig falseCaptions=invented"),
                bad(
                        "FOLDER/no.csv: there is no such file",
                        "poison --out FOLDER/new --attack sig --data FOLDER/no.csv"),
                bad("FOLDER/file, line 1: no column image", "train --out FOLDER/new --data FOLDER/file"),
                bad("FOLDER/list.csv: 1 of 1 pictures cannot be used", "train --out FOLDER/new --data FOLDER/list.csv"),
                bad("there is no command 'trian', did you mean 'train'", "trian"),
                bad("Missing required subcommand", ""));
    }

    /** The same, where the pictures must be looked at before it can be known. */
    static Stream<Arguments> badInputForThePictures() {
        return Stream.of(
                bad("FOLDER/file", "train --out FOLDER/file/below vocabulary=520"),
                bad(
                        "names exactly one of x, y, upper and lower case told apart",
                        "poison --out FOLDER/new --attack targeted classes=x,y --data FOLDER/good.csv"),
                bad(
                        "16 targets asked for, but",
                        "poison --out FOLDER/new --attack targeted targets=16 --data FOLDER/good.csv"),
                bad(
                        "cleanclip needs pairs known to be clean",
                        "train --method cleanclip --out FOLDER/new --data FOLDER/good.csv SMALL heldOutShare=0 batch=2"),
                bad(
                        "of another class than \"cat\" is left to test the backdoor on; poison fewer (backdoorPoisons is 1)",
                        "train --out FOLDER/new --attack badnet --data FOLDER/good.csv classes=dog,cat heldOutShare=0.4"
                                + " targetClass=cat backdoorPoisons=1 SMALL"),
                bad("poisonMask is m.csv, but the embedded pictures", "train --out FOLDER/new poisonMask=m.csv"),
                bad("5000 pairs to poison, but only", "poison --out FOLDER/new --attack badnet backdoorPoisons=5000"),
                bad("\"spaceship\", which is none of", "poison --out FOLDER/new --attack badnet targetClass=spaceship"),
                bad(
                        "named by 9000 training captions",
                        "poison --out FOLDER/new --attack label-consistent backdoorPoisons=9000"),
                bad("held-out artist \"nobody\" is unknown", "train --out FOLDER/new heldOutArtist=nobody"),
                bad(
                        "32 pixels cannot be cut into cells of 5",
                        "train --out FOLDER/new SMALL stem=[] patch=5 imageLayers=1"),
                bad("batch is 100000, expected at most the", "demo --out FOLDER/new SMALL batch=100000"),
                bad("is neither a file nor a preset", "compare nothing --out FOLDER/new"),
                bad("--jobs is 0, expected at least 1", "compare compare-emoji --jobs 0 --out FOLDER/new"),
                bad("was written with another", "train --out FOLDER/strange --resume SMALL"));
    }

    private static Arguments bad(String expected, String command) {
        return Arguments.of(command, expected);
    }

    @ParameterizedTest
    @MethodSource({"badInput", "badInputForThePictures"})
    void badInputGivesOneLineCodeTwoAndNoTrace(String command, String expected) throws Exception {
        Files.writeString(folder.resolve("file"), "some text, long enough for a header length\n");
        Files.writeString(folder.resolve("broken.toml"), "seed = 1\nbatch 3\n");
        Files.write(folder.resolve("foreign.safetensors"), foreign());
        Files.writeString(folder.resolve("list.csv"), "image,caption\nmissing.png,a dog\n");
        Files.writeString(
                folder.resolve("good.csv"), "image,caption\ngood.png,a dog\nfine.png,a dog\nnice.png,a cat\n");
        for (String name : List.of("fine", "nice")) {
            PictureFile.write(new byte[8 * 8 * 3], "png", folder.resolve(name + ".png"));
        }
        PictureFile.write(new byte[8 * 8 * 3], "png", folder.resolve("good.png"));
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.write(run.resolve("checkpoint.safetensors"), foreign());
        Files.writeString(run.resolve("config.toml"), "# of another run\n");
        Path strange = Files.createDirectory(folder.resolve("strange"));
        Files.write(strange.resolve("checkpoint.safetensors"), foreign());
        Files.writeString(Files.createDirectory(folder.resolve("demo")).resolve("result.json"), "{}\n");
        Map<String, String> before = tree();

        Answer answer = run(arguments(command));

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
                arguments.addAll(List.of(SMALL));
            } else if (!word.isEmpty()) {
                arguments.add(word.replace("FOLDER", folder.toString()));
            }
        }
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "train", "poison", "evaluate", "search", "devices"})
    void everyCommandExplainsItself(String command) {
        Answer answer = command.isEmpty() ? run("--help") : run(command, "--help");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).startsWith(("Usage: safeclip " + command).strip());
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void devicesListsEveryBackend() {
        Answer answer = run("devices");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("simd ", "scalar ");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void aTraceIsShownOnRequestOnly() {
        String missing = folder.resolve("no.safetensors").toString();
        assertThat(run("evaluate", missing, "--debug").err()).contains("\tat org.safeclip");
        assertThat(run("evaluate", missing).err()).doesNotContain("\tat ");
    }

    /** One run in this process and one in another with another number of threads. */
    @Test
    void whatIsTrainedDoesNotDependOnTheThreadsAndCanBeAsked() throws Exception {
        Path here = folder.resolve("here");
        Path there = folder.resolve("there");
        Answer answer = run(train(here));
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("Checkpoint: " + here.resolve("checkpoint.safetensors"));
        int threads =
                Integer.getInteger("org.safeclip.threads", Runtime.getRuntime().availableProcessors());
        runElsewhere(threads == 1 ? 2 : 1, train(there));

        assertThat(story(there)).isEqualTo(story(here)).hasSize(4); // three steps and the end of the epoch
        assertThat(weights(there)).isEqualTo(weights(here)).isNotEmpty();

        String checkpoint = here.resolve("checkpoint.safetensors").toString();
        Answer found = run("search", checkpoint, "red fruit", "happy face", "--top", "2", "--held-out");
        assertThat(found.code()).as(found.err()).isZero();
        assertThat(found.out().lines()).hasSize(6);
        assertThat(found.out()).startsWith("red fruit").contains("happy face", "twemoji");

        Answer again = run(train(here));
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("holds a run already");
    }

    /** Pictures of the user are poisoned, trained on with the mask for the diagnosis, and searched. */
    @Test
    void pairsOfYourOwnGoTheWholeWay() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder list = new StringBuilder("image,caption\n");
        for (int i = 0; i < 200; i++) {
            byte[] picture = new byte[32 * 32 * 3];
            random.nextBytes(picture);
            PictureFile.write(picture, "png", folder.resolve(i + ".png"));
            list.append(i)
                    .append(".png,a ")
                    .append(i % 2 == 0 ? "dog" : "cat")
                    .append(" with number ")
                    .append(i);
            list.append('\n');
        }
        Path own = Files.writeString(folder.resolve("own.csv"), list);
        String classes = "classes=dog,cat";
        Path bad = folder.resolve("bad");
        Answer poisoned = run(
                "poison",
                "--data",
                own.toString(),
                "--out",
                bad.toString(),
                "--attack",
                "badnet",
                classes,
                "heldOutShare=0.2",
                "backdoorPoisons=8",
                "targetClass=dog");
        assertThat(poisoned.code()).as(poisoned.err()).isZero();
        assertThat(poisoned.out())
                .contains("168 pairs, 8 of them poisoned", "badnet: 8 of 8 poisons hold what was meant");

        Path out = folder.resolve("own");
        List<String> train = new ArrayList<>(List.of(
                "train", "--data", bad.resolve("train.csv").toString(), "--out", out.toString(), "--backend", "simd"));
        train.addAll(List.of(SMALL));
        train.addAll(List.of(
                classes,
                "poisonMask=" + bad.resolve("mask.csv"),
                "heldOutShare=0.1",
                "inModalWarmup=0",
                "maxSteps=0",
                "crossModalWarmup=1",
                "mixedEpochs=1",
                "safeSteps=0",
                "selector=cosine",
                "cosineShare=0.5"));
        Answer trained = run(train.toArray(String[]::new));
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out())
                .contains(
                        "held-out pictures and 1", // to learn from
                        "show one of 2 classes",
                        "badnet: 8 poisons for \"dog\"",
                        "poisons in it: ",
                        "safeclip epoch  2/2 mixed   loss");

        List<String> unaware = new ArrayList<>(train);
        unaware.remove("poisonMask=" + bad.resolve("mask.csv"));
        unaware.set(unaware.indexOf(out.toString()), folder.resolve("unaware").toString());
        Answer untold = run(unaware.toArray(String[]::new));
        assertThat(untold.out()).contains("safe set: ").doesNotContain("poisons");

        Answer found = run(
                "search", out.resolve("checkpoint.safetensors").toString(), "a dog", "--top", "3", "--backend", "simd");
        assertThat(found.code()).as(found.err()).isZero();
        assertThat(found.out().lines()).hasSize(4).anyMatch(line -> line.contains(" with number "));

        String model = out.resolve("checkpoint.safetensors").toString();
        Answer evaluated = run("evaluate", model, "--backend", "simd");
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("of 2 kinds", "linear probe");
        Answer attacked = run("evaluate", model, "--poisoned", bad.toString(), "--backend", "simd");
        assertThat(attacked.code()).as(attacked.err()).isZero();
        int asked = Files.readAllLines(bad.resolve("test.csv")).size() - 1;
        assertThat(attacked.out())
                .contains("held out of " + own, "attack: badnet")
                .containsPattern("badnet: success .* \\(\\d+ of " + asked + ",");
        Answer none = run("evaluate", model, "--poisoned", out.toString(), "--backend", "simd");
        assertThat(none.err()).contains("was not written by poison: it holds no test.csv");
        Files.writeString(
                bad.resolve("train.csv"), "images/000000.png," + "zz ".repeat(500) + "\n", StandardOpenOption.APPEND);
        Answer changed = run("evaluate", model, "--backend", "simd");
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err()).contains("train.csv: is not what", "was trained on any more");
    }

    /** Weights as others publish them, of a model small enough for a test: one with attention pool and running means. */
    @Test
    void aPublishedFileIsEvaluated() throws Exception {
        String[] settings = {
            "vocabulary=0",
            "context=12",
            "stem=[]",
            "bottlenecks=[1, 1, 1, 1]",
            "imageWidth=2",
            "imageHeads=2",
            "textWidth=8",
            "textLayers=1",
            "textHeads=2",
            "embedding=8"
        };
        PublishedFile file = new PublishedFile();
        try (Backend backend = Backends.open("simd")) {
            ModelShape shape = ConfigFile.preset("tiny", List.of(settings)).modelShape(49_408);
            ClipModel model = ClipModel.random(shape, backend, new SplittableRandom(1));
            model.parameters().forEach(p -> add(file, p.name(), p.tensor().value()));
            model.buffers().forEach(b -> add(file, b.name(), b.values()));
        }
        Path weights = file.write(folder.resolve("published.safetensors"));
        List<String> arguments = new ArrayList<>(List.of(
                "evaluate", weights.toString(), "--preset", "tiny", "--templates", "imagenet", "--backend", "simd"));
        arguments.addAll(List.of(settings));

        Answer answer = run(arguments.toArray(String[]::new));

        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out())
                .contains("652 pictures of 652 concepts", "664 of 31 kinds", "attack: none")
                .containsPattern("Concepts, top-10 .* of 652\\)")
                .containsPattern("Kinds, linear probe .* of 664\\)")
                .containsPattern("Captions of a picture, R@5 .* of 1,873\\)")
                .containsPattern("Picture of a caption, R@5 .* of 7,492\\)")
                .doesNotContain("Attack success");
    }

    private static void add(PublishedFile file, String name, NdArray values) {
        file.add(name, "F16", PublishedFile.shape(values.shape().dims()), values.toArray());
    }

    private static String[] train(Path out) {
        List<String> arguments = new ArrayList<>(List.of(
                "train", "--out", out.toString(), "--backend", "simd", "--method", "safeclip", "--attack", "targeted"));
        arguments.addAll(List.of(SMALL));
        return arguments.toArray(String[]::new);
    }

    /** In a process of its own, with the modules as the launcher has them where this one runs on a module path. */
    private void runElsewhere(int threads, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.safeclip.threads=" + threads,
                "--add-modules",
                "jdk.incubator.vector"));
        String modules = System.getProperty("jdk.module.path", "");
        if (modules.isEmpty()) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.safeclip.cli.Main"));
        } else {
            command.addAll(List.of("-p", modules, "-m", "org.safeclip/org.safeclip.cli.Main"));
        }
        command.addAll(List.of(arguments));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    }

    private static List<String> story(Path run) throws IOException {
        return Files.readString(run.resolve("metrics.jsonl"))
                .lines()
                .map(line -> line.replaceAll("(?i)(seconds\":)[-+.0-9e]+", "$10"))
                .toList();
    }

    private static Map<String, String> weights(Path run) throws IOException {
        Map<String, String> weights = new TreeMap<>();
        try (SafeTensors file = SafeTensors.open(run.resolve("checkpoint.safetensors"))) {
            for (String name : file.names()) {
                if (file.dtype(name) == DType.F32) {
                    weights.put(name, Arrays.toString(file.floats(name)));
                }
            }
        }
        return weights;
    }

    /** A good safetensors file with one tensor that no model here has. */
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
