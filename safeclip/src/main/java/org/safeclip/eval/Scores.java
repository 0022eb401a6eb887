package org.safeclip.eval;

import org.jspecify.annotations.Nullable;

/**
 * All a model is worth, and how far it was fooled: shares of questions, each with its numerator, denominator and 95 % interval. No
 * question was trained on.
 *
 * @param concepts zero-shot, among all concepts
 * @param kinds zero-shot, among the kinds
 * @param linearProbe kinds named by a linear layer on frozen features; null where nobody asked for so much
 * @param retrieval pictures by captions and captions by pictures; null likewise
 * @param attack attacked pictures taken for what the attacker wants (top-1: PSR of chosen pictures, ASR of triggered ones), or
 *     with it among the first; pictures that truly are what the attacker wants are not among them; null without attack
 * @param truth attacked pictures taken for what they truly are, among those of a known kind; null without attack
 */
public record Scores(
        TopK concepts,
        TopK kinds,
        @Nullable Interval linearProbe,
        @Nullable Retrieval retrieval,
        @Nullable TopK attack,
        @Nullable Interval truth) {}
