package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.safeclip.experiments.image.ImageFormat;
import org.safeclip.experiments.source.Source;

/**
 * What a source holds, without training on it: numbers, sizes, duplicates, captions, and every problem by kind. All images are decoded
 * once; only hashes and counts are kept.
 */
public final class Inspection {
    private final Source source;
    private final Images images = new Images();
    private final Captions captions = new Captions();
    private final PairDecoder.Summary summary;

    private Inspection(Source source) throws IOException {
        this.source = source;
        this.summary = PairDecoder.decode(source, ImageFacts::of, new DecodedPairs.Sink<>() {
            @Override
            public void image(ImageFacts image, String name) {
                images.add(image);
            }

            @Override
            public void pair(int row, int image, String caption) {
                captions.add(caption);
            }
        });
    }

    /** Inspects a source. */
    public static Inspection of(Source source) throws IOException {
        return new Inspection(source);
    }

    /** The findings, a line each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(source.description());
        lines.add(String.format(
                Locale.ROOT,
                "pairs: %,d usable of %,d rows; %,d images, %s",
                captions.count,
                summary.count(),
                images.count(),
                captions.perImage(images.count())));
        if (images.count() > 0) {
            lines.addAll(images.lines());
        }
        if (captions.count > 0) {
            lines.addAll(captions.lines());
        }
        lines.add(problems("images", summary.badImages()));
        lines.add(problems("rows", summary.badRows()));
        return lines;
    }

    private static String problems(String what, LeftOut left) {
        return left.count() == 0
                ? "unusable " + what + ": none"
                : String.format(
                        Locale.ROOT,
                        "unusable %s: %,d (%s); such as %s",
                        what,
                        left.count(),
                        left.counts(),
                        left.example());
    }

    /** Sizes, formats and duplicates. */
    private static final class Images {
        private final IntArrayList widths = new IntArrayList();
        private final IntArrayList heights = new IntArrayList();
        private final Map<ImageFormat, Integer> formats = new EnumMap<>(ImageFormat.class);
        private final Long2IntOpenHashMap equal = new Long2IntOpenHashMap(); // images by pixels
        private final Long2IntOpenHashMap alike = new Long2IntOpenHashMap(); // different images by look

        void add(ImageFacts image) {
            widths.add(image.width());
            heights.add(image.height());
            formats.merge(image.format(), 1, Integer::sum);
            if (equal.addTo(image.pixels(), 1) == 0) {
                alike.addTo(image.look(), 1);
            }
        }

        int count() {
            return widths.size();
        }

        List<String> lines() {
            return List.of(
                    "formats: "
                            + formats.entrySet().stream()
                                    .map(entry -> entry.getKey() + " " + entry.getValue())
                                    .collect(Collectors.joining(", ")),
                    "width: " + spread(widths) + " pixels; height: " + spread(heights),
                    duplicates("exact duplicates", equal),
                    duplicates("near duplicates (scaled or compressed again)", alike));
        }

        private static String spread(IntArrayList values) {
            int[] sorted = values.intStream().sorted().toArray();
            return String.format(
                    Locale.ROOT,
                    "%,d to %,d, half of them at most %,d",
                    sorted[0],
                    sorted[sorted.length - 1],
                    sorted[(sorted.length - 1) / 2]);
        }

        private static String duplicates(String what, Long2IntOpenHashMap groups) {
            int surplus = 0;
            int largest = 1;
            for (int size : groups.values()) {
                surplus += size - 1;
                largest = Math.max(largest, size);
            }
            return surplus == 0
                    ? what + ": none"
                    : String.format(Locale.ROOT, "%s: %,d images; the largest group has %,d", what, surplus, largest);
        }
    }

    /** Numbers and lengths of the captions. */
    private static final class Captions {
        private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

        private final LongOpenHashSet distinct = new LongOpenHashSet();
        private final LongOpenHashSet words = new LongOpenHashSet();
        private int count;
        private long wordCount;
        private int fewest = Integer.MAX_VALUE;
        private int most;

        void add(String caption) {
            count++;
            distinct.add(PairDecoder.nameHash(caption));
            String[] parts = BETWEEN_WORDS.split(caption.toLowerCase(Locale.ROOT), -1);
            int length = 0;
            for (String word : parts) {
                if (!word.isEmpty()) {
                    length++;
                    words.add(PairDecoder.nameHash(word));
                }
            }
            wordCount += length;
            fewest = Math.min(fewest, length);
            most = Math.max(most, length);
        }

        String perImage(int images) {
            return String.format(Locale.ROOT, "%.1f captions each", images == 0 ? 0 : (double) count / images);
        }

        List<String> lines() {
            return List.of(String.format(
                    Locale.ROOT,
                    "captions: %,d different ones of %,d; %.1f words on average (%,d to %,d); %,d different words",
                    distinct.size(),
                    count,
                    (double) wordCount / count,
                    fewest,
                    most,
                    words.size()));
        }
    }
}
