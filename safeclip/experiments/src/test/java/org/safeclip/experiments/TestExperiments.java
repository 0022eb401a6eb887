package org.safeclip.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.experiments.dataset.LabelledImage;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.ProbeAndGallery;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.run.Experiment;

/** Experiments small enough for a test: images of one colour, captions that name it, a few false ones. */
public final class TestExperiments {
    /** S, side of the images in pixels. */
    public static final int SIDE = 32;

    private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow", "white", "black");
    private static final int[][] RGB = {
        {220, 30, 30}, {30, 200, 40}, {30, 40, 220}, {230, 220, 30}, {240, 240, 240}, {10, 10, 10}
    };
    private static final List<String> THINGS = List.of("wall", "sheet of paper", "square", "flag");

    private TestExperiments() {}

    /** The demo's preset with a very small model. */
    public static ExperimentConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "model.vision.stem=[]",
                "model.vision.patch=8",
                "model.vision.width=16",
                "model.vision.layers=1",
                "model.vision.heads=2",
                "model.text.width=16",
                "model.text.layers=1",
                "model.text.heads=2",
                "model.embedding=8",
                "model.text.context=12",
                "model.text.vocabulary=600",
                "training.batchSize=8",
                "pools.size=16",
                "training.warmupSteps=2",
                "safeclip.mixedWarmupSteps=2",
                "clip.epochs=3",
                "safeclip.warmupEpochs=2",
                "safeclip.slowEpochs=1",
                "safeclip.mixedEpochs=3",
                "safeclip.safeSteps=4",
                "safeclip.growth=0.1",
                "roclip.epochs=4",
                "roclip.poolSize=16",
                "cleanclip.pairs=20",
                "cleanclip.epochs=3",
                "cleanclip.warmupSteps=1",
                "evaluation.every=2",
                "training.maxSteps=0"));
        all.addAll(List.of(overrides));
        return ConfigFile.preset("tiny", all);
    }

    /** N pairs; the last four have a red image and a caption that says blue. */
    public static Experiment of(ExperimentConfig config, int n) {
        SplittableRandom random = new SplittableRandom(17);
        List<Pair> pairs = new ArrayList<>();
        int[] poisons = new int[4];
        for (int i = 0; i < n; i++) {
            boolean poison = i >= n - poisons.length;
            int colour = poison ? 0 : i % COLOURS.size();
            if (poison) {
                poisons[i - n + poisons.length] = i;
            }
            String thing = THINGS.get(random.nextInt(THINGS.size()));
            String called = poison ? "blue" : COLOURS.get(colour);
            pairs.add(new Pair(image(colour, random), "a " + called + " " + thing));
        }
        PairSet set = PairSet.of(SIDE, pairs);
        PoisonMask.Group group = new PoisonMask.Group("targeted", "blue", poisons);
        PoisonMask mask = new PoisonMask(n, List.of(group));
        Evaluation.TestSet test = test(random);
        AttackTestSet attack = new AttackTestSet(
                "targeted", List.of(image(0, random)), List.of(), List.of("red"), new int[] {0}, new int[] {2}, null);
        ProbeAndGallery study = new ProbeAndGallery(
                test,
                new Retrieval.Gallery(
                        test.images(),
                        COLOURS.stream()
                                .map(colour -> List.of("a " + colour + " wall", colour))
                                .toList()));
        Tokenizer tokenizer =
                Tokenizer.learn(set.captions(), config.model().text().vocabulary());
        return new Experiment(
                config,
                List.of("targeted"),
                set,
                IntStream.range(0, n).toArray(),
                mask,
                tokenizer,
                test,
                test,
                List.of(attack),
                List.of(),
                study,
                List.of());
    }

    /** N clean pairs and half as many held-out images, to be attacked; the classes are the colours. */
    public static Dataset dataset(int n) {
        SplittableRandom random = new SplittableRandom(18);
        List<Pair> pairs = new ArrayList<>();
        List<HeldOutImage> heldOut = new ArrayList<>();
        for (int i = 0; i < n + n / 2; i++) {
            int colour = i % COLOURS.size();
            String caption = "a " + COLOURS.get(colour) + " " + THINGS.get(random.nextInt(THINGS.size()));
            if (i < n) {
                pairs.add(new Pair(image(colour, random), caption));
            } else {
                String name = COLOURS.get(colour) + " " + i;
                heldOut.add(new HeldOutImage(image(colour, random), List.of(caption), name, colour, colour));
            }
        }
        List<LabelledImage> labelled = IntStream.range(0, COLOURS.size())
                .mapToObj(colour -> new LabelledImage(image(colour, random), colour))
                .toList();
        int[] rows = IntStream.range(0, n).toArray();
        return new Dataset(PairSet.of(SIDE, pairs), rows, heldOut, labelled, classes(), classes(), List.of());
    }

    private static ClassList classes() {
        return ClassList.of(COLOURS, new PromptTemplates(List.of("a {} picture")));
    }

    private static Evaluation.TestSet test(SplittableRandom random) {
        List<byte[]> images = new ArrayList<>();
        int[] labels = new int[COLOURS.size()];
        for (int i = 0; i < labels.length; i++) {
            images.add(image(i, random));
            labels[i] = i;
        }
        return new Evaluation.TestSet(classes(), images, labels);
    }

    private static byte[] image(int colour, SplittableRandom random) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.clamp(RGB[colour][i % 3] + random.nextInt(41) - 20, 0, 255);
        }
        return pixels;
    }
}
