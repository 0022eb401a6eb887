package org.safeclip;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.safeclip.data.ImageViews;
import org.safeclip.learn.Learner;
import org.safeclip.model.ModelShape;
import org.safeclip.nn.Activation;

/**
 * Every setting of a training. What each means, its unit and where its value comes from stands in the preset files ({@code
 * presets/*.toml}); the component's name is the key there and on the command line.
 */
public record Config(
        // data
        long seed,
        String data,
        String classes,
        double heldOutShare,
        String poisonMask,
        String heldOutArtist,
        int captionsPerPicture,
        int imageSize,
        int vocabulary,
        int context,
        // model
        List<Integer> stem,
        int patch,
        List<Integer> bottlenecks,
        int imageWidth,
        int imageLayers,
        int imageHeads,
        int textWidth,
        int textLayers,
        int textHeads,
        int embedding,
        boolean meanPool,
        boolean quickGelu,
        // learning
        int batch,
        double weightDecay,
        double beta2,
        double gradientClip,
        int warmupSteps,
        long maxSteps,
        // CLIP
        int clipEpochs,
        double clipRate,
        boolean clipCrossView,
        // rivals
        int roclipEpochs,
        double roclipRate,
        int roclipPool,
        int roclipEvery,
        boolean roclipPrefill,
        int cleanclipPairs,
        int cleanclipEpochs,
        double cleanclipRate,
        int cleanclipWarmupSteps,
        double cleanclipWeight,
        int duplicatesAllowed,
        // SafeCLIP
        int inModalWarmup,
        double inModalRate,
        boolean neighbours,
        int neighboursAfter,
        int pool,
        boolean poolRefill,
        int crossModalWarmup,
        double slowRate,
        int mixedEpochs,
        double riskyRate,
        double crossModalRate,
        int mixedWarmupSteps,
        int safeSteps,
        boolean crossView,
        RateRule rateRule,
        PassOrder passOrder,
        double riskyWeight,
        double safeWeight,
        int scoringDraws,
        double mixtureTolerance,
        int mixtureIterations,
        boolean monotone,
        Selector selector,
        double cosineShare,
        double safeThreshold,
        double safeGrowth,
        double safeCap,
        double safeFloor,
        // views
        double cropArea,
        boolean flip,
        double jitter,
        double hue,
        double jitterChance,
        double greyChance,
        double blurChance,
        double blurSigma,
        double crossModalStrength,
        boolean staticTexts,
        // attack
        int targets,
        int captionsEach,
        int backdoorPoisons,
        String targetClass,
        String falseCaptions,
        double blend,
        String triggerWord,
        String surrogate,
        int pgdEpsilon,
        int pgdSteps,
        // evaluation
        int evaluateEvery) {

    /** The value of {@code vocabulary} that stands for CLIP's own vocabulary. */
    public static final int OPENAI_VOCABULARY = 0;

    /** Refuses values no training can have, by name. */
    public Config {
        stem = List.copyOf(stem);
        bottlenecks = List.copyOf(bottlenecks);
        atLeast(2, batch, "batch");
        require(captionsPerPicture >= 1 && captionsPerPicture <= 4, "captionsPerPicture", captionsPerPicture, "1 to 4");
        atLeast(1, imageSize, "imageSize");
        require(context >= 3, "context", context, "at least 3 (start, one token, end)");
        atLeast(1, imageWidth, "imageWidth");
        atLeast(1, textWidth, "textWidth");
        atLeast(1, embedding, "embedding");
        boolean imageHeadsFit = imageHeads >= 1 && imageWidth % imageHeads == 0;
        require(imageHeadsFit, "imageHeads", imageHeads, "a divisor of imageWidth " + imageWidth);
        boolean textHeadsFit = textHeads >= 1 && textWidth % textHeads == 0;
        require(textHeadsFit, "textHeads", textHeads, "a divisor of textWidth " + textWidth);
        boolean encoder = imageLayers >= 1 || (imageLayers == 0 && !(stem.isEmpty() && bottlenecks.isEmpty()));
        require(encoder, "imageLayers", imageLayers, "at least 1, or 0 with a stem or bottlenecks");
        atLeast(0, textLayers, "textLayers");
        atLeast(1, clipEpochs, "clipEpochs");
        atLeast(0, inModalWarmup, "inModalWarmup");
        atLeast(0, crossModalWarmup, "crossModalWarmup");
        atLeast(0, mixedEpochs, "mixedEpochs");
        atLeast(1, roclipEpochs, "roclipEpochs");
        atLeast(0, roclipPool, "roclipPool");
        atLeast(1, roclipEvery, "roclipEvery");
        atLeast(1, cleanclipPairs, "cleanclipPairs");
        atLeast(1, cleanclipEpochs, "cleanclipEpochs");
        atLeast(0, duplicatesAllowed, "duplicatesAllowed");
        atLeast(0, riskyWeight, "riskyWeight");
        require(safeWeight > 0, "safeWeight", safeWeight, "above 0");
        require(cosineShare > 0 && cosineShare <= 1, "cosineShare", cosineShare, "above 0, at most 1");
        require(safeThreshold > 0 && safeThreshold < 1, "safeThreshold", safeThreshold, "between 0 and 1");
        share(safeGrowth, "safeGrowth");
        require(safeCap > 0 && safeCap <= 1, "safeCap", safeCap, "above 0, at most 1");
        require(safeFloor >= 0 && safeFloor < 1, "safeFloor", safeFloor, "from 0, below 1");
        require(cropArea > 0 && cropArea <= 1, "cropArea", cropArea, "above 0, at most 1");
        require(blurSigma >= 0.1, "blurSigma", blurSigma, "at least 0.1 (blurChance=0 leaves the blur out)");
        share(crossModalStrength, "crossModalStrength");
        share(jitterChance, "jitterChance");
        share(greyChance, "greyChance");
        share(blurChance, "blurChance");
        atLeast(0, jitter, "jitter");
        require(hue >= 0 && hue <= 0.5, "hue", hue, "from 0 to 0.5");
        atLeast(0, mixtureTolerance, "mixtureTolerance");
        atLeast(1, mixtureIterations, "mixtureIterations");
        atLeast(0, warmupSteps, "warmupSteps");
        atLeast(0, mixedWarmupSteps, "mixedWarmupSteps");
        atLeast(0, cleanclipWarmupSteps, "cleanclipWarmupSteps");
        atLeast(0, safeSteps, "safeSteps");
        atLeast(0, pool, "pool");
        boolean plainWord = triggerWord.matches("[a-z]+");
        require(plainWord, "triggerWord", "\"" + triggerWord + "\"", "letters a to z: captions are learned in them");
        atLeast(0, scoringDraws, "scoringDraws");
        atLeast(0, maxSteps, "maxSteps");
        require(heldOutShare >= 0 && heldOutShare < 1, "heldOutShare", heldOutShare, "from 0, below 1");
        require(blend > 0 && blend < 1, "blend", blend, "between 0 and 1");
        boolean knownCaptions = falseCaptions.equals("genuine") || falseCaptions.equals("templates");
        require(knownCaptions, "falseCaptions", falseCaptions, "genuine or templates");
        atLeast(0, evaluateEvery, "evaluateEvery");
    }

    /** Whether the pictures are those that ship with the program. */
    public boolean embeddedData() {
        return data.equals("emoji");
    }

    private static void atLeast(int least, Number value, String key) {
        require(value.doubleValue() >= least, key, value, "at least " + least);
    }

    private static void share(double value, String key) {
        require(value >= 0 && value <= 1, key, value, "from 0 to 1");
    }

    private static void require(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + ", expected " + expected);
        }
    }

    /**
     * A generator of its own for every use, all drawn from the one seed: a new use changes no other.
     *
     * @param use what it is for
     */
    public RandomGenerator random(String use) {
        long mixed = seed;
        for (byte letter : use.getBytes(StandardCharsets.UTF_8)) {
            mixed = mixed * 0x9E3779B97F4A7C15L + letter;
        }
        return new SplittableRandom(mixed);
    }

    /** M of SafeCLIP's neighbour pools, as set, else {@link #usualPool}. */
    public int poolRows(int pairs) {
        return pool > 0 ? pool : usualPool(pairs);
    }

    /** M of RoCLIP's pool of captions, as set, else {@link #usualPool}. */
    public int roclipPoolRows(int pairs) {
        return roclipPool > 0 ? roclipPool : usualPool(pairs);
    }

    /** 2 % of the pairs, at least two batches, at most 65,536. */
    private int usualPool(int pairs) {
        return Math.clamp(Math.round(0.02 * pairs), 2 * batch, 65_536);
    }

    /** Pairs that may show the same picture before the duplicate filter drops them. */
    public int mostDuplicates() {
        return duplicatesAllowed > 0 ? duplicatesAllowed : captionsPerPicture;
    }

    /** The sizes of the model, for a tokenizer of that vocabulary. */
    public ModelShape modelShape(int tokens) {
        return new ModelShape(
                imageSize,
                stem,
                patch,
                bottlenecks,
                imageWidth,
                imageLayers,
                imageHeads,
                tokens,
                context,
                textWidth,
                textLayers,
                textHeads,
                embedding,
                meanPool,
                quickGelu ? Activation.QUICK_GELU : Activation.GELU);
    }

    /** The distribution of picture views. */
    public ImageViews imageViews() {
        float strength = (float) jitter;
        int blurRadius = Math.max(1, Math.round(10f * imageSize / 224)); // 21 taps at 224 pixels [paper], 3 at 32
        return new ImageViews(
                imageSize,
                (float) cropArea,
                1,
                4f / 3,
                flip ? 0.5f : 0,
                (float) jitterChance,
                strength,
                strength,
                strength,
                (float) hue,
                (float) greyChance,
                (float) blurChance,
                2 * blurRadius + 1,
                0.1f,
                (float) blurSigma);
    }

    /** The settings of the inner loop. */
    public Learner.Settings learning() {
        return new Learner.Settings(batch, weightDecay, beta2, gradientClip, maxSteps, seed);
    }
}
