package org.safeclip;

/** By what the safe pairs are chosen. */
public enum Selector {
    /** The mixture's posterior: a threshold at first, then its ranking (the paper). */
    MIXTURE,
    /** The similarity itself: the most similar share (the paper's first version). */
    COSINE
}
