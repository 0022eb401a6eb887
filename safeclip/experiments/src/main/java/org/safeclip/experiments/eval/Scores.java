package org.safeclip.experiments.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How good a model is and how far it was fooled: shares of questions, each with its numerator, denominator and 95 % interval. No
 * question was trained on.
 *
 * @param fine zero-shot accuracy over the fine classes ("concepts" in files)
 * @param coarse zero-shot accuracy over the coarse classes ("kinds" in files)
 * @param linearProbe accuracy over the coarse classes of a linear layer on frozen features; null where it was not evaluated
 * @param retrieval images by captions and captions by images; null where it was not evaluated
 * @param attack attacked images taken for what the attacker wants (top-1: PSR of targets, ASR of triggered images), or with it
 *     among the first; images that truly are of the wanted class are not among them; null without an attack
 * @param truth attacked images taken for what they truly are, among those of a known coarse class; null without an attack
 */
public record Scores(
        @JsonProperty("concepts") TopK fine,
        @JsonProperty("kinds") TopK coarse,
        @Nullable Interval linearProbe,
        @Nullable Retrieval retrieval,
        @Nullable TopK attack,
        @Nullable Interval truth) {}
