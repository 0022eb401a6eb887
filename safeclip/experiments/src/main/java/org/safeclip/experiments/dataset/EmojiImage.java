package org.safeclip.experiments.dataset;

import java.util.List;

/**
 * What is known about one picture of {@link EmojiDataset}: who drew it, which concept it shows, the noun of the concept's
 * kind, its primary caption, three further captions, and words people search it by.
 */
public record EmojiImage(
        int index,
        String artist,
        int concept,
        String name,
        String kind,
        String group,
        String caption,
        List<String> alternatives,
        List<String> keywords) {}
