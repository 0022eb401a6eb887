package org.safeclip.experiments.run;

/**
 * One step of the optimiser.
 *
 * @param pass objective of the step, "in-modal" or "cross-modal"
 * @param step steps of the method so far, over all epochs and passes
 * @param images images of the batch, all views of them
 * @param loss the loss before the step, in nats
 * @param rate learning rate
 * @param scale exp of the logit scale
 */
public record StepEvent(
        String method, int epoch, String pass, long step, int images, double loss, double rate, double scale)
        implements Event {}
