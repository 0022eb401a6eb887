package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.run.TrustFile;
import org.safeclip.experiments.source.SourceFixtures;
import org.safeclip.golden.PublishedFile;
import org.safeclip.model.ClipConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.io.DType;
import org.safeclip.nn.io.SafeTensors;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Every command prints its help, and the commands work together. */
class MainTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "train",
                "prepare",
                "inspect",
                "compare",
                "poison",
                "evaluate",
                "search",
                "devices",
                "tune",
                "report",
                "explore",
                "suspects",
                "score",
                "completion",
                "manual"
            })
    void everyCommandHasHelp(String command) {
        CliResult answer = command.isEmpty() ? CliResult.to("--help") : CliResult.to(command, "--help");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).startsWith(("Usage: safeclip " + command).strip());
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void devicesListsEveryBackend() {
        CliResult answer = CliResult.to("devices");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("simd ", "scalar ");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void helpIsACommandAndFitsEightyColumns() {
        CliResult answer = CliResult.to("help", "train");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).isEqualTo(CliResult.to("train", "--help").out());
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(CliResult.to(command, "--help").out().lines())
                    .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
        }
    }

    @Test
    void completionAndManualKnowEveryCommand() {
        Set<String> commands = Main.commandLine().getSubcommands().keySet();
        assertThat(CliResult.to("completion").out()).contains(commands).contains("--held-out", "complete -F");
        String manual = CliResult.to("manual").out();
        assertThat(manual).startsWith(".TH SAFECLIP 1");
        assertThat(commands).allSatisfy(command -> assertThat(manual).contains(".SH \"safeclip " + command + "\""));
        assertThat(manual).contains("\\-\\-held\\-out").doesNotContain("%%", "@|");
    }

    @Test
    void stackTracesNeedDebug() {
        String missing = folder.resolve("no.safetensors").toString();
        assertThat(CliResult.to("evaluate", missing, "--debug").err()).contains("\tat org.safeclip");
        assertThat(CliResult.to("evaluate", missing).err()).doesNotContain("\tat ");
    }

    /** One run in this process and one in another process with another number of threads. */
    @Test
    void trainingDoesNotDependOnTheThreadsAndTheModelCanBeSearched() throws Exception {
        Path here = folder.resolve("here");
        Path there = folder.resolve("there");
        CliResult answer = CliResult.to(train(here));
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("Checkpoint: " + here.resolve("checkpoint.safetensors"));
        int threads =
                Integer.getInteger("org.safeclip.threads", Runtime.getRuntime().availableProcessors());
        runElsewhere(threads == 1 ? 2 : 1, train(there));

        assertThat(metrics(there)).isEqualTo(metrics(here)).hasSize(4); // three steps and the end of the epoch
        assertThat(weights(there)).isEqualTo(weights(here)).isNotEmpty();

        String checkpoint = here.resolve("checkpoint.safetensors").toString();
        CliResult found = CliResult.to("search", checkpoint, "red fruit", "happy face", "--top", "2", "--held-out");
        assertThat(found.code()).as(found.err()).isZero();
        assertThat(found.out().lines()).hasSize(6);
        assertThat(found.out()).startsWith("red fruit").contains("happy face", "twemoji");
        Path onnx = folder.resolve("onnx");
        CliResult exported = CliResult.to("export", checkpoint, "--out", onnx.toString(), "--backend", "simd");
        assertThat(exported.code()).as(exported.err()).isZero();
        for (String name : List.of("images.onnx", "texts.onnx", "vocabulary.txt")) {
            assertThat(onnx.resolve(name)).isNotEmptyFile();
        }

        CliResult again = CliResult.to(train(here));
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("already contains a run");
    }

    /** The user's images are poisoned, used for training with a mask, searched and evaluated. */
    @Test
    void usersPairsWorkInAllCommands() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder list = new StringBuilder("image,caption\n");
        for (int i = 0; i < 200; i++) {
            byte[] image = new byte[32 * 32 * 3];
            random.nextBytes(image);
            ImageFile.write(image, "png", folder.resolve(i + ".png"));
            list.append(i)
                    .append(".png,a ")
                    .append(i % 2 == 0 ? "dog" : "cat")
                    .append(" with number ")
                    .append(i);
            list.append('\n');
        }
        Path own = Files.writeString(folder.resolve("own.csv"), list);
        String classes = "data.classes=dog,cat";
        Path copy = folder.resolve("poisoned");
        CliResult poisoned = CliResult.to(
                "poison",
                "--data",
                own.toString(),
                "--out",
                copy.toString(),
                "--attack",
                "badnet",
                classes,
                "data.heldOutShare=0.2",
                "attack.poisons=8",
                "attack.targetClass=dog");
        assertThat(poisoned.code()).as(poisoned.err()).isZero();
        assertThat(poisoned.out()).contains("168 pairs, 8 of them poisoned", "badnet: 8 of 8 poisons are intact");

        Path out = folder.resolve("own");
        Files.writeString(copy.resolve("images/000001.png"), "no image");
        List<String> train = new ArrayList<>(List.of(
                "train", "--data", copy.resolve("train.csv").toString(), "--out", out.toString(), "--backend", "simd"));
        train.add("--tensorboard");
        train.addAll(CliResult.SMALL);
        train.addAll(List.of(
                classes,
                "data.poisonMask=" + copy.resolve("mask.csv"),
                "data.heldOutShare=0.1",
                "safeclip.warmupEpochs=0",
                "training.maxSteps=0",
                "safeclip.slowEpochs=1",
                "safeclip.mixedEpochs=1",
                "safeclip.safeSteps=0",
                "reference.selector=cosine",
                "reference.cosineShare=0.5"));
        CliResult trained = CliResult.to(train.toArray(String[]::new));
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out())
                .contains(
                        "held-out images and 1", // training images
                        "belong to one of 2 classes",
                        "badnet: 8 poisons for \"dog\"",
                        "SafeCLIP, 2 epochs")
                .containsPattern("(?m)^ +2/2  mixed +\\d+\\.\\d{3} +\\d+\\.\\d% +\\d+ ");

        TrustFile trust = TrustFile.read(out.resolve("trust.csv"));
        assertThat(trust.epoch()).isEqualTo(2);
        assertThat(trust.pairs())
                .hasSizeGreaterThan(140)
                .allSatisfy(pair -> assertThat(copy.resolve(pair.image())).exists());
        CliResult suspects = CliResult.to("suspects", out.toString(), "--top", "5");
        assertThat(suspects.code()).as(suspects.err()).isZero();
        assertThat(suspects.out().lines()).hasSize(6);
        assertThat(suspects.out()).contains("images/", " with number ");
        assertThat(Files.readString(out.resolve("suspects.html")))
                .contains("The 5 pairs trusted least", "row ")
                .doesNotContain("<script");
        Files.delete(out.resolve("report.html"));
        CliResult report = CliResult.to("report", out.toString(), "--backend", "simd");
        assertThat(report.code()).as(report.err()).isZero();
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("No attack", "The mixture at work", "Least trusted", "risky")
                .contains("1 of 168 images left out: not a PNG");
        assertThat(out.resolve("tensorboard/safeclip")).isDirectoryContaining("glob:**events.out.tfevents.*");

        List<String> noMask = new ArrayList<>(train);
        noMask.remove("data.poisonMask=" + copy.resolve("mask.csv"));
        noMask.set(noMask.indexOf(out.toString()), folder.resolve("noMask").toString());
        CliResult withoutMask = CliResult.to(noMask.toArray(String[]::new));
        assertThat(withoutMask.out()).containsPattern("(?m)^ +2/2  mixed +\\d+\\.\\d{3} +\\d+\\.\\d% {12,}\\d");

        CliResult found = CliResult.to(
                "search", out.resolve("checkpoint.safetensors").toString(), "a dog", "--top", "3", "--backend", "simd");
        assertThat(found.code()).as(found.err()).isZero();
        assertThat(found.out().lines())
                .hasSize(4)
                .anyMatch(line -> line.contains(" with number ") && line.contains("images/"));

        String model = out.resolve("checkpoint.safetensors").toString();
        CliResult evaluated = CliResult.to("evaluate", model, "--backend", "simd");
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("of 2 kinds", "linear probe");
        Path scores = folder.resolve("scores.csv");
        CliResult scored = CliResult.to("score", model, "--out", scores.toString(), "--backend", "simd");
        assertThat(scored.code()).as(scored.err()).isZero();
        assertThat(scored.out()).startsWith(trust.pairs().size() + " pairs in ");
        assertThat(Files.readString(scores).lines())
                .hasSize(1 + trust.pairs().size())
                .startsWith("row,image,caption,similarity,posterior")
                .anyMatch(line -> line.contains("images/") && line.contains(" with number "));
        CliResult others = CliResult.to(
                "score",
                model,
                "--data",
                copy.resolve("train.csv").toString(),
                "--out",
                scores.toString(),
                "--backend",
                "simd");
        assertThat(others.code()).as(others.err()).isZero();
        assertThat(others.out()).as("but the damaged one").startsWith("167 pairs in ");

        CliResult folders = CliResult.to(
                "evaluate",
                model,
                "--test",
                SourceFixtures.folder().resolve("imagefolder/val").toString(),
                "--backend",
                "simd");
        assertThat(folders.code()).as(folders.err()).isZero();
        assertThat(folders.out())
                .contains("image folders; 12 images of 7 classes")
                .containsPattern("top-10: +100");
        CliResult inspected = CliResult.to(
                "inspect", "--data", SourceFixtures.folder().resolve("wds").toString());
        assertThat(inspected.code()).as(inspected.err()).isZero();
        assertThat(inspected.out()).contains("WebDataset shards", "pairs: 24 usable of 24 rows");
        CliResult attacked = CliResult.to("evaluate", model, "--poisoned", copy.toString(), "--backend", "simd");
        assertThat(attacked.code()).as(attacked.err()).isZero();
        int inputs = Files.readAllLines(copy.resolve("test.csv")).size() - 1;
        assertThat(attacked.out())
                .contains("held out of " + own, "attack: badnet")
                .containsPattern("badnet: success .* \\(\\d+ of " + inputs + ",");
        CliResult none = CliResult.to("evaluate", model, "--poisoned", out.toString(), "--backend", "simd");
        assertThat(none.err()).contains("was not written by the command poison: it has no test.csv");
        Files.writeString(
                copy.resolve("train.csv"), "images/000000.png," + "zz ".repeat(500) + "\n", StandardOpenOption.APPEND);
        CliResult changed = CliResult.to("evaluate", model, "--backend", "simd");
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err()).contains("train.csv: is not what", "was trained on: its captions");
    }

    /** Weights in the published format, of a small model with attention pool and batch normalisation. */
    @Test
    void aPublishedFileIsEvaluated() throws Exception {
        String[] settings = {
            "model.text.vocabulary=0",
            "model.text.context=12",
            "model.vision.stem=[]",
            "model.vision.bottlenecks=[1, 1, 1, 1]",
            "model.vision.width=2",
            "model.vision.heads=2",
            "model.text.width=8",
            "model.text.layers=1",
            "model.text.heads=2",
            "model.embedding=8"
        };
        PublishedFile file = new PublishedFile();
        try (Backend backend = Backends.open("simd")) {
            ClipConfig sizes =
                    ConfigFile.preset("tiny", List.of(settings)).model().withVocabulary(49_408);
            ClipModel model = ClipModel.random(sizes, backend, new SplittableRandom(1));
            model.parameters().forEach(p -> add(file, p.name(), p.tensor().value()));
            model.buffers().forEach(b -> add(file, b.name(), b.values()));
        }
        Path weights = file.write(folder.resolve("published.safetensors"));
        List<String> arguments = new ArrayList<>(List.of(
                "evaluate", weights.toString(), "--preset", "tiny", "--templates", "imagenet", "--backend", "simd"));
        arguments.addAll(List.of(settings));

        CliResult answer = CliResult.to(arguments.toArray(String[]::new));

        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.out())
                .contains("652 images of 652 concepts", "664 of 31 kinds", "attack: none")
                .containsPattern("Concepts, top-10 .* of 652\\)")
                .containsPattern("Kinds, linear probe .* of 664\\)")
                .containsPattern("Captions of an image, R@5 .* of 1,873\\)")
                .containsPattern("Image of a caption, R@5 .* of 7,492\\)")
                .doesNotContain("Attack success");
    }

    private static void add(PublishedFile file, String name, NdArray values) {
        file.add(name, "F16", PublishedFile.shape(values.shape().dims()), values.toArray());
    }

    private static String[] train(Path out) {
        List<String> arguments = new ArrayList<>(List.of(
                "train", "--out", out.toString(), "--backend", "simd", "--method", "safeclip", "--attack", "targeted"));
        arguments.addAll(CliResult.SMALL);
        return arguments.toArray(String[]::new);
    }

    /** Runs the program in another process, on the module path if this process uses one. */
    private void runElsewhere(int threads, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.safeclip.threads=" + threads,
                "--add-modules",
                "jdk.incubator.vector"));
        String modules = System.getProperty("jdk.module.path", "");
        if (modules.isEmpty()) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.safeclip.experiments.cli.Main"));
        } else {
            command.addAll(List.of("-p", modules, "-m", "org.safeclip.experiments/org.safeclip.experiments.cli.Main"));
        }
        command.addAll(List.of(arguments));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    }

    private static List<String> metrics(Path run) throws IOException {
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
}
