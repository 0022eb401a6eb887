package org.safeclip.experiments.eval;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.source.LabelledSet;
import org.safeclip.settings.InvalidInputException;

/**
 * Zero-shot accuracy on a set of images with classes of its own.
 *
 * @param accuracy top-1 to top-10 accuracy
 * @param unusable images that could not be decoded and are left out
 */
public record LabelledAccuracy(TopK accuracy, int unusable) {
    private static final int CHUNK = 1024; // images in memory at a time

    /**
     * Tests a model.
     *
     * @param templates prompts, in which the names of the classes are filled
     * @throws InvalidInputException if no image can be used
     */
    public static LabelledAccuracy of(Evaluation.ModelUnderTest tested, LabelledSet set, PromptTemplates templates) {
        ClassList classes = ClassList.of(set.classes(), templates);
        ZeroShot words = ZeroShot.of(tested.model(), classes, tested.tokenizer(), tested.context());
        IntArrayList ranks = new IntArrayList();
        for (int from = 0; from < set.images().size(); from += CHUNK) {
            List<LabelledSet.Labelled> chunk = set.images()
                    .subList(from, Math.min(from + CHUNK, set.images().size()));
            List<byte @Nullable []> decoded = chunk.parallelStream()
                    .map(image -> square(image, tested.size()))
                    .toList();
            int[] labels = new int[chunk.size()];
            int usable = 0;
            for (int i = 0; i < labels.length; i++) {
                if (decoded.get(i) != null) {
                    labels[usable++] = chunk.get(i).label();
                }
            }
            if (usable > 0) {
                List<byte[]> images = decoded.stream().filter(Objects::nonNull).toList();
                float[] scores = words.scores(tested.model(), images, tested.size());
                ranks.addElements(ranks.size(), Ranking.ranks(scores, classes.size(), Arrays.copyOf(labels, usable)));
            }
        }
        if (ranks.isEmpty()) {
            throw new InvalidInputException(
                    set.format() + ": none of the " + set.images().size() + " images can be used");
        }
        return new LabelledAccuracy(TopK.of(ranks.toIntArray()), set.images().size() - ranks.size());
    }

    private static byte @Nullable [] square(LabelledSet.Labelled image, int side) {
        try {
            return image.picture().decode().square(side);
        } catch (ImageFile.Unreadable e) {
            return null; // counted by the caller
        }
    }
}
