package org.safeclip.tensor.backend;

/**
 * Operands of a normalisation y = γ·(x − mean)/√(variance + epsilon) + β; layer norm has one γ and β a column, batch
 * norm one a channel.
 *
 * @param x the numbers to normalise
 * @param gamma γ, the scale
 * @param beta β, the shift
 * @param epsilon added to the variance
 */
public record NormInput(Storage x, Storage gamma, Storage beta, float epsilon) {}
