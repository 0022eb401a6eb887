package org.safeclip.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.Study;
import org.safeclip.experiments.run.AttackKind;
import org.safeclip.experiments.run.Experiment;

/** TestExperiments small enough to be trained in a test: pictures of one colour, captions that name it, a few false ones. */
public final class TestExperiments {
    /** S. */
    public static final int SIDE = 32;

    private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow", "white", "black");
    private static final int[][] RGB = {
        {220, 30, 30}, {30, 200, 40}, {30, 40, 220}, {230, 220, 30}, {240, 240, 240}, {10, 10, 10}
    };
    private static final List<String> THINGS = List.of("wall", "sheet of paper", "square", "flag");

    private TestExperiments() {}

    /** The preset of the demo, made tiny. */
    public static ExperimentConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "stem=[]",
                "patch=8",
                "imageWidth=16",
                "imageLayers=1",
                "imageHeads=2",
                "textWidth=16",
                "textLayers=1",
                "textHeads=2",
                "embedding=8",
                "context=12",
                "vocabulary=600",
                "batch=8",
                "pool=16",
                "warmupSteps=2",
                "mixedWarmupSteps=2",
                "clipEpochs=3",
                "inModalWarmup=2",
                "crossModalWarmup=1",
                "mixedEpochs=3",
                "safeSteps=4",
                "safeGrowth=0.1",
                "roclipEpochs=4",
                "roclipPool=16",
                "cleanclipPairs=20",
                "cleanclipEpochs=3",
                "cleanclipWarmupSteps=1",
                "evaluateEvery=2",
                "maxSteps=0"));
        all.addAll(List.of(overrides));
        return ConfigFile.preset("tiny", all);
    }

    /** N pairs; the last four call a red picture blue. */
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
            pairs.add(new Pair(picture(colour, random), "a " + called + " " + thing));
        }
        PairSet set = PairSet.of(SIDE, pairs);
        PoisonMask.Group group = new PoisonMask.Group("targeted", "blue", poisons);
        PoisonMask mask = new PoisonMask(n, List.of(group));
        Evaluation.TestSet test = test(random);
        AttackTestSet attack = new AttackTestSet(
                "targeted", List.of(picture(0, random)), List.of(), List.of("red"), new int[] {0}, new int[] {2});
        Experiment.Trial trial = new Experiment.Trial(attack, AttackTestSet.none());
        Study study = new Study(
                test,
                new Retrieval.Gallery(
                        test.pictures(),
                        COLOURS.stream()
                                .map(colour -> List.of("a " + colour + " wall", colour))
                                .toList()));
        Tokenizer tokenizer = Tokenizer.learn(set.captions(), config.vocabulary());
        return new Experiment(
                config,
                List.of(AttackKind.TARGETED),
                set,
                mask,
                tokenizer,
                test,
                test,
                List.of(trial),
                List.of(),
                study);
    }

    private static Evaluation.TestSet test(SplittableRandom random) {
        List<byte[]> pictures = new ArrayList<>();
        int[] labels = new int[COLOURS.size()];
        for (int i = 0; i < labels.length; i++) {
            pictures.add(picture(i, random));
            labels[i] = i;
        }
        return new Evaluation.TestSet(
                ClassList.of(COLOURS, new PromptTemplates(List.of("a {} picture"))), pictures, labels);
    }

    private static byte[] picture(int colour, SplittableRandom random) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.clamp(RGB[colour][i % 3] + random.nextInt(41) - 20, 0, 255);
        }
        return pixels;
    }
}
