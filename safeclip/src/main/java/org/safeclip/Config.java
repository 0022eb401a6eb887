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
        require(batch >= 2, "batch", batch, "at least 2");
        require(captionsPerPicture >= 1 && captionsPerPicture <= 4, "captionsPerPicture", captionsPerPicture, "1 to 4");
        require(imageSize >= 1, "imageSize", imageSize, "at least 1");
        require(context >= 3, "context", context, "at least 3 (start, one token, end)");
        require(imageWidth >= 1, "imageWidth", imageWidth, "at least 1");
        require(textWidth >= 1, "textWidth", textWidth, "at least 1");
        require(embedding >= 1, "embedding", embedding, "at least 1");
        boolean imageHeadsFit = imageHeads >= 1 && imageWidth % imageHeads == 0;
        require(imageHeadsFit, "imageHeads", imageHeads, "a divisor of imageWidth " + imageWidth);
        boolean textHeadsFit = textHeads >= 1 && textWidth % textHeads == 0;
        require(textHeadsFit, "textHeads", textHeads, "a divisor of textWidth " + textWidth);
        boolean encoder = imageLayers >= 1 || (imageLayers == 0 && !(stem.isEmpty() && bottlenecks.isEmpty()));
        require(encoder, "imageLayers", imageLayers, "at least 1, or 0 with a stem or bottlenecks");
        require(textLayers >= 0, "textLayers", textLayers, "at least 0");
        require(clipEpochs >= 1, "clipEpochs", clipEpochs, "at least 1");
        require(inModalWarmup >= 0, "inModalWarmup", inModalWarmup, "at least 0");
        require(crossModalWarmup >= 0, "crossModalWarmup", crossModalWarmup, "at least 0");
        require(mixedEpochs >= 0, "mixedEpochs", mixedEpochs, "at least 0");
        require(roclipEpochs >= 1, "roclipEpochs", roclipEpochs, "at least 1");
        require(roclipPool >= 0, "roclipPool", roclipPool, "at least 0");
        require(roclipEvery >= 1, "roclipEvery", roclipEvery, "at least 1");
        require(cleanclipPairs >= 1, "cleanclipPairs", cleanclipPairs, "at least 1");
        require(cleanclipEpochs >= 1, "cleanclipEpochs", cleanclipEpochs, "at least 1");
        require(duplicatesAllowed >= 0, "duplicatesAllowed", duplicatesAllowed, "at least 0");
        require(riskyWeight >= 0, "riskyWeight", riskyWeight, "at least 0");
        require(safeWeight > 0, "safeWeight", safeWeight, "above 0");
        require(cosineShare > 0 && cosineShare <= 1, "cosineShare", cosineShare, "above 0, at most 1");
        require(safeThreshold > 0 && safeThreshold < 1, "safeThreshold", safeThreshold, "between 0 and 1");
        require(safeGrowth >= 0 && safeGrowth <= 1, "safeGrowth", safeGrowth, "from 0 to 1");
        require(safeCap > 0 && safeCap <= 1, "safeCap", safeCap, "above 0, at most 1");
        require(safeFloor >= 0 && safeFloor < 1, "safeFloor", safeFloor, "from 0, below 1");
        require(cropArea > 0 && cropArea <= 1, "cropArea", cropArea, "above 0, at most 1");
        require(blurSigma >= 0.1, "blurSigma", blurSigma, "at least 0.1 (blurChance=0 leaves the blur out)");
        share(crossModalStrength, "crossModalStrength");
        share(jitterChance, "jitterChance");
        share(greyChance, "greyChance");
        share(blurChance, "blurChance");
        require(jitter >= 0, "jitter", jitter, "at least 0");
        require(hue >= 0 && hue <= 0.5, "hue", hue, "from 0 to 0.5");
        require(mixtureTolerance >= 0, "mixtureTolerance", mixtureTolerance, "at least 0");
        require(mixtureIterations >= 1, "mixtureIterations", mixtureIterations, "at least 1");
        require(warmupSteps >= 0, "warmupSteps", warmupSteps, "at least 0");
        require(mixedWarmupSteps >= 0, "mixedWarmupSteps", mixedWarmupSteps, "at least 0");
        require(cleanclipWarmupSteps >= 0, "cleanclipWarmupSteps", cleanclipWarmupSteps, "at least 0");
        require(safeSteps >= 0, "safeSteps", safeSteps, "at least 0");
        require(pool >= 0, "pool", pool, "at least 0");
        boolean plainWord = triggerWord.matches("[a-z]+");
        require(plainWord, "triggerWord", "\"" + triggerWord + "\"", "letters a to z: captions are learned in them");
        require(scoringDraws >= 0, "scoringDraws", scoringDraws, "at least 0");
        require(maxSteps >= 0, "maxSteps", maxSteps, "at least 0");
        require(heldOutShare >= 0 && heldOutShare < 1, "heldOutShare", heldOutShare, "from 0, below 1");
        require(blend > 0 && blend < 1, "blend", blend, "between 0 and 1");
        boolean knownCaptions = falseCaptions.equals("genuine") || falseCaptions.equals("templates");
        require(knownCaptions, "falseCaptions", falseCaptions, "genuine or templates");
        require(evaluateEvery >= 0, "evaluateEvery", evaluateEvery, "at least 0");
    }

    /** Whether the pictures are those that ship with the program. */
    public boolean embeddedData() {
        return data.equals("emoji");
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
