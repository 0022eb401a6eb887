package org.safeclip.experiments.config;

import java.util.HashMap;
import java.util.Map;

/**
 * The keys of settings before they had tables, such as {@code safeGrowth} for {@code safeclip.growth}. They are still read, so that
 * older run folders resume and older commands work.
 */
final class LegacyKeys {
    private static final Map<String, String> KEYS = new HashMap<>();

    static {
        table("data", "data source", "classes", "heldOutShare", "poisonMask", "heldOutArtist");
        table("data", "captionsPerPicture captionsPerImage");
        table("model", "imageSize", "embedding", "quickGelu");
        table("model.vision", "stem", "patch", "bottlenecks", "imageWidth width", "imageLayers layers");
        table("model.vision", "imageHeads heads", "meanPool");
        table("model.text", "vocabulary", "context", "textWidth width", "textLayers layers", "textHeads heads");
        table("training", "batch batchSize", "weightDecay", "beta2", "gradientClip", "warmupSteps", "maxSteps");
        table("clip", "clipEpochs epochs", "clipRate learningRate", "clipCrossView crossView");
        table("clip", "duplicatesAllowed maxCopies");
        table("roclip", "roclipEpochs epochs", "roclipRate learningRate", "roclipPool poolSize");
        table("roclip", "roclipEvery matchEvery", "roclipPrefill prefill");
        table("cleanclip", "cleanclipPairs pairs", "cleanclipEpochs epochs", "cleanclipRate learningRate");
        table("cleanclip", "cleanclipWarmupSteps warmupSteps", "cleanclipWeight inModalWeight");
        table("safeclip", "inModalWarmup warmupEpochs", "inModalRate warmupLearningRate");
        table("safeclip", "crossModalWarmup slowEpochs", "slowRate slowLearningRate", "mixedEpochs");
        table("safeclip", "riskyRate riskyLearningRate", "crossModalRate safeLearningRate", "mixedWarmupSteps");
        table("safeclip", "safeSteps", "crossView", "riskyWeight", "safeWeight", "safeThreshold threshold");
        table("safeclip", "safeGrowth growth", "safeCap cap", "safeFloor floor");
        table("scoring", "scoringDraws draws", "mixtureTolerance tolerance", "mixtureIterations maxIterations");
        table("scoring", "monotone");
        table("pools", "neighbours", "neighboursAfter", "pool size", "poolRefill refill");
        table("reference", "rateRule learningRates", "passOrder", "selector", "cosineShare");
        table("reference", "staticTexts staticCaptions");
        table("augmentation", "cropArea", "flip", "jitter", "hue", "jitterChance jitterProbability");
        table("augmentation", "greyChance grayscaleProbability", "blurChance blurProbability", "blurSigma");
        table("augmentation", "crossModalStrength weakStrength");
        table("attack", "targets", "captionsEach captionsPerTarget", "backdoorPoisons poisons", "targetClass");
        table("attack", "falseCaptions captions", "blend", "triggerWord", "surrogate", "pgdEpsilon", "pgdSteps");
        table("evaluation", "evaluateEvery every");
    }

    private LegacyKeys() {}

    private static void table(String table, String... keys) {
        for (String key : keys) {
            String[] names = key.split(" ", -1);
            KEYS.put(names[0], table + "." + names[names.length - 1]);
        }
    }

    /** The current key of a setting; a key that was never renamed is returned unchanged. */
    static String current(String key) {
        return KEYS.getOrDefault(key, key);
    }
}
