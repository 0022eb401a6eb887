package org.safeclip.experiments.report;

/** What the method does, and what one run can tell. */
final class AboutSection {
    private static final String PAPER = "https://arxiv.org/abs/2310.05862";

    private AboutSection() {}

    static Html howToRead() {
        return new Section(
                        "How it works",
                        "SafeCLIP keeps a picture away from its caption until the two have earned trust.",
                        Html.of(
                                "p",
                                "CLIP learns to match images and captions by increasing the similarity of the two in"
                                        + " each pair. An attacker who adds a few pairs with false captions can make it"
                                        + " classify chosen images, or any image with a trigger, as a class of the"
                                        + " attacker's choice. SafeCLIP first trains each modality alone, where false"
                                        + " captions have no effect, then one epoch on all pairs at a low learning rate,"
                                        + " after which false pairs are still dissimilar. From then on, only pairs of high"
                                        + " similarity (the safe set, which grows) are used to match images with captions;"
                                        + " the others are used to train each modality alone."),
                        Html.of(
                                "p",
                                "Only this report knows which pairs are poisons; training never does. One run is one"
                                        + " seed; rates over few images have wide intervals, and 0 of 16 is still compatible"
                                        + " with a rate of one in five."))
                .html();
    }

    static Html footer() {
        return Html.of("footer")
                .add(Html.of("p", "The method: Yang, Gao and Mirzasoleiman, ")
                        .add(Html.of(
                                "cite",
                                "Better Safe than Sorry: Pre-training CLIP against Targeted Data Poisoning"
                                        + " and Backdoor Attacks"))
                        .text(", ICML 2024, ")
                        .add(Html.of("a", "arXiv 2310.05862").with("href", PAPER))
                        .text("."));
    }
}
