package org.safeclip;

/** How the learning rate of SafeCLIP's passes is counted. */
public enum RateRule {
    /** Every kind of pass has a counter from 0 and a cosine that ends when its passes do. */
    FIXED,
    /** As the release counts: from absolute epochs, past the end, where the cosine rises again. */
    REFERENCE
}
