package org.safeclip.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Random variants of a caption by EDA (Wei and Zou 2019) as the paper uses it: one of synonym replacement, random
 * insertion, random swap and random deletion, each with probability 1/4, changing about a tenth of the words.
 */
public final class TextAugmentation {

    private static final double SHARE = .1;
    private static final int INSERT_TRIES = 10;
    private static final int SWAP_TRIES = 4;

    private final Map<String, List<String>> synonyms;
    private final Set<String> stopWords;

    /** Augmentation with the given synonyms of each word; the stop words are never replaced. */
    public TextAugmentation(Map<String, List<String>> synonyms, Set<String> stopWords) {
        this.synonyms = Map.copyOf(synonyms);
        this.stopWords = Set.copyOf(stopWords);
    }

    /** Augmentation with the embedded lists: synonyms of words frequent in captions, and 127 English stop words. */
    public static TextAugmentation embedded() {
        Map<String, List<String>> synonyms = new HashMap<>();
        for (String line : lines("synonyms.txt")) {
            String[] columns = line.split("\t", -1);
            synonyms.put(columns[0], List.of(columns).subList(1, columns.length));
        }
        Set<String> stopWords = new LinkedHashSet<>();
        lines("stopwords.txt").forEach(line -> stopWords.addAll(List.of(line.split(" "))));
        return new TextAugmentation(synonyms, stopWords);
    }

    /** One random variant: lower-case letters and spaces only. A caption without a letter a-z comes back unchanged. */
    public String view(String caption, RandomGenerator random) {
        String clean = clean(caption);
        if (clean.isEmpty()) {
            return caption;
        }
        List<String> words = new ArrayList<>(Arrays.asList(clean.split(" ")));
        int changes = Math.max(1, (int) (SHARE * words.size()));
        switch (random.nextInt(4)) {
            case 0 -> replaceBySynonyms(words, changes, random);
            case 1 -> insertSynonyms(words, changes, random);
            case 2 -> swap(words, changes, random);
            default -> delete(words, random);
        }
        return String.join(" ", words);
    }

    private void replaceBySynonyms(List<String> words, int changes, RandomGenerator random) {
        List<String> candidates = new ArrayList<>(new LinkedHashSet<>(words));
        int replaced = 0;
        while (replaced < changes && !candidates.isEmpty()) {
            String word = candidates.remove(random.nextInt(candidates.size()));
            List<String> choices = synonyms.getOrDefault(word, List.of());
            if (stopWords.contains(word) || choices.isEmpty()) {
                continue;
            }
            String synonym = choices.get(random.nextInt(choices.size()));
            words.replaceAll(w -> w.equals(word) ? synonym : w);
            replaced++;
        }
    }

    private void insertSynonyms(List<String> words, int changes, RandomGenerator random) {
        for (int change = 0; change < changes; change++) {
            for (int attempt = 0; attempt < INSERT_TRIES; attempt++) {
                List<String> choices = synonyms.getOrDefault(words.get(random.nextInt(words.size())), List.of());
                if (!choices.isEmpty()) {
                    words.add(random.nextInt(words.size()), choices.getFirst());
                    break;
                }
            }
        }
    }

    private static void swap(List<String> words, int changes, RandomGenerator random) {
        for (int change = 0; change < changes; change++) {
            int a = random.nextInt(words.size());
            int b = random.nextInt(words.size());
            for (int attempt = 1; a == b && attempt < SWAP_TRIES; attempt++) {
                b = random.nextInt(words.size());
            }
            String word = words.get(a);
            words.set(a, words.get(b));
            words.set(b, word);
        }
    }

    private static void delete(List<String> words, RandomGenerator random) {
        if (words.size() == 1) {
            return;
        }
        String survivor = words.get(random.nextInt(words.size()));
        words.removeIf(word -> random.nextDouble() < SHARE);
        if (words.isEmpty()) {
            words.add(survivor);
        }
    }

    private static String clean(String caption) {
        return caption.replace("'", "")
                .replace("\u2019", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z]+", " ")
                .strip();
    }

    private static List<String> lines(String resource) {
        try (InputStream in = TextAugmentation.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("resource is missing");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("embedded " + resource + " cannot be read: rebuild the program", e);
        }
    }
}
