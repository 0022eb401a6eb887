package org.safeclip.report;

/**
 * How good and how fooled the model was after an epoch.
 *
 * @param zeroShotTop1 share of held-out pictures whose concept is the first choice
 * @param zeroShotTop5 share of held-out pictures whose concept is among the first five
 * @param kindTop1 share of held-out pictures whose kind is the first choice
 * @param hits attacked pictures called by the attacker's class
 * @param trials attacked pictures
 */
public record EvaluationEvent(
        String method, int epoch, double zeroShotTop1, double zeroShotTop5, double kindTop1, int hits, int trials)
        implements Event {}
