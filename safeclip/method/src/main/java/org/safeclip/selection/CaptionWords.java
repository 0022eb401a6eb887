package org.safeclip.selection;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.safeclip.data.RandomKey;

/**
 * The distinct words of captions, as numbers. Rare words say more than frequent ones: word a weighs {@code idf(a) = ln(N / n(a))},
 * where n(a) of the N captions have it.
 *
 * @param words the distinct words of each caption, ascending, {@code [N][]}
 * @param counts n, captions with each word
 * @param weights idf of each word
 */
public record CaptionWords(int[][] words, int[] counts, double[] weights) {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** Splits captions into words, whatever their case. */
    public static CaptionWords of(List<String> captions) {
        Object2IntOpenHashMap<String> numbers = new Object2IntOpenHashMap<>();
        int[][] words = new int[captions.size()][];
        for (int i = 0; i < words.length; i++) {
            words[i] = BETWEEN_WORDS
                    .splitAsStream(captions.get(i).toLowerCase(Locale.ROOT))
                    .filter(word -> !word.isEmpty())
                    .mapToInt(word -> numbers.computeIfAbsent(word, _ -> numbers.size()))
                    .sorted()
                    .distinct()
                    .toArray();
        }
        int[] counts = new int[numbers.size()];
        for (int[] caption : words) {
            for (int word : caption) {
                counts[word]++;
            }
        }
        double[] weights = Arrays.stream(counts)
                .mapToDouble(count -> Math.log((double) words.length / count))
                .toArray();
        return new CaptionWords(words, counts, weights);
    }

    /** The weight of all words of a caption. */
    public double weight(int caption) {
        double sum = 0;
        for (int word : words[caption]) {
            sum += weights[word];
        }
        return sum;
    }

    /**
     * Captions as dense rows: the weighted sum of a random vector of signs for each word. Two rows have nearly the cosine of the
     * weighted words themselves, with an error of {@code 1/√width} (Johnson and Lindenstrauss 1984).
     *
     * @param captions which captions
     */
    public FeatureRows features(int[] captions, int width, RandomKey key) {
        float[] values = new float[Math.multiplyExact(captions.length, width)];
        long[] signs = new long[(width + 63) / 64];
        for (int i = 0; i < captions.length; i++) {
            for (int word : words[captions[i]]) {
                SplittableRandom random = key.fold(word).random();
                Arrays.setAll(signs, _ -> random.nextLong());
                float weight = (float) weights[word];
                for (int j = 0; j < width; j++) {
                    values[i * width + j] += (signs[j / 64] >> (j % 64) & 1) == 0 ? weight : -weight;
                }
            }
        }
        return FeatureRows.normalised(values, width);
    }
}
