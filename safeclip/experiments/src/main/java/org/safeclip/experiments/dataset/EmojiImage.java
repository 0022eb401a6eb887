package org.safeclip.experiments.dataset;

import java.util.List;

/**
 * Metadata of one image of {@link EmojiDataset}.
 *
 * @param index index of the image
 * @param artist key of the artist
 * @param concept id of the concept shown
 * @param name name of the concept
 * @param kind noun of its coarse class
 * @param group emoji group
 * @param caption primary caption
 * @param alternatives three further captions
 * @param keywords search keywords
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
