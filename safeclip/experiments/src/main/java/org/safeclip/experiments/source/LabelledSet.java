package org.safeclip.experiments.source;

import java.util.List;

/**
 * Images with a class each, to test a model on.
 *
 * @param format what it was read from, such as "CIFAR-10"
 * @param classes names of the classes
 * @param templates prompts with {} for the name; empty if the set has none of its own
 * @param images the images in order
 */
public record LabelledSet(String format, List<String> classes, List<String> templates, List<Labelled> images) {
    /**
     * An image of a class.
     *
     * @param picture the image
     * @param label index of its class
     */
    public record Labelled(Picture picture, int label) {}

    /** Copies the lists. */
    public LabelledSet {
        classes = List.copyOf(classes);
        templates = List.copyOf(templates);
        images = List.copyOf(images);
    }
}
