/**
 * Where pairs and labelled images come from: one class for each format, found by looking at the content and not at names. A source
 * is read in order, entry by entry, and holds nothing of a long list in memory; it names its images without opening them.
 *
 * <p>Everything here treats its input as untrusted: sizes and counts are bounded, images are not looked for outside the folder of
 * their list, links in archives are not followed, and nothing is fetched from a network.
 */
@NullMarked
package org.safeclip.experiments.source;

import org.jspecify.annotations.NullMarked;
