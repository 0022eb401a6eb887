package org.safeclip.experiments.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The accuracy of a model and the success of the first attack; each rate has its counts and 95 % interval. No test image or
 * caption was trained on.
 *
 * @param fine zero-shot accuracy over the fine classes ("concepts" in files)
 * @param coarse zero-shot accuracy over the coarse classes ("kinds" in files)
 * @param linearProbe accuracy of a linear probe over the coarse classes; null if not evaluated
 * @param retrieval recall of images by captions and of captions by images; null if not evaluated
 * @param attack attack success: inputs with the wanted class among the first k (top-1: PSR of target images, ASR of triggered
 *     ones), without inputs that truly belong to the wanted class; null without an attack
 * @param truth attacked inputs of known coarse class that are classified correctly; null without an attack
 * @param margin how near the model is to what the attacker wants; null without an attack
 */
public record Scores(
        @JsonProperty("concepts") TopK fine,
        @JsonProperty("kinds") TopK coarse,
        @Nullable Interval linearProbe,
        @Nullable Retrieval retrieval,
        @Nullable TopK attack,
        @Nullable Interval truth,
        @Nullable AttackMargin margin) {}
