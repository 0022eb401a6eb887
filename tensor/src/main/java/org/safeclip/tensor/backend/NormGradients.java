package org.safeclip.tensor.backend;

/**
 * Where the backward pass of a normalisation writes the gradients of its three inputs.
 *
 * @param dx gradient of x, of its size
 * @param dgamma gradient of γ, of its size
 * @param dbeta gradient of β, of its size
 */
public record NormGradients(Storage dx, Storage dgamma, Storage dbeta) {}
