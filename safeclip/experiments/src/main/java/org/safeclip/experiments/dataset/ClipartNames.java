package org.safeclip.experiments.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names the pictures of a clip-art collection: by the title in the file, or, where many pictures share that title because it is the
 * collection's, by the file name without the artist's.
 */
final class ClipartNames {
    /** More pictures of one title are a collection with that title. */
    private static final int MOST_OF_ONE_TITLE = 6;

    private static final int MOST_WORDS = 12;
    private static final int FEWEST_DESCRIBING = 3;
    private static final int MOST_DESCRIBING = 30;
    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern NOT_LETTERS = Pattern.compile("[^\\p{L}]+");
    private static final Pattern NOT_A_TITLE = Pattern.compile("(clipart by|untitled|no title|part of) ?.*");

    private final Map<String, Integer> sharing = new HashMap<>();

    /** Counts the texts of all pictures. */
    ClipartNames(List<Map<String, String>> texts) {
        for (Map<String, String> text : texts) {
            sharing.merge("title " + cleaned(text, "Title"), 1, Integer::sum);
            sharing.merge("description " + cleaned(text, "Description"), 1, Integer::sum);
        }
    }

    /**
     * The name of a picture in lower case; "" if neither title nor file name has a word of three letters.
     *
     * @param file file name with its ending
     * @param text texts in the file by keyword
     */
    String name(String file, Map<String, String> text) {
        String title = cleaned(text, "Title");
        boolean own = sharing.getOrDefault("title " + title, 0) <= MOST_OF_ONE_TITLE
                && !NOT_A_TITLE.matcher(title).matches()
                && words(title) <= MOST_WORDS;
        String name = own && named(title) ? title : ofFile(file, cleaned(text, "Author"));
        return named(name) ? name : "";
    }

    /** What a picture's description says in its first sentence, in lower case; "" if it says nothing or is that of many. */
    String description(Map<String, String> text) {
        String all = cleaned(text, "Description");
        String first = all.replaceFirst("(?<=\\p{L}{2})[.!?;:]( .*)?$", "");
        int words = words(first);
        boolean own = sharing.getOrDefault("description " + all, 0) <= MOST_OF_ONE_TITLE;
        return own && named(first) && words >= FEWEST_DESCRIBING && words <= MOST_DESCRIBING ? first : "";
    }

    /** A name without its numbers, which the pictures of a series share. */
    static String series(String name) {
        return SPACES.matcher(name.replaceAll("\\d+", " ")).replaceAll(" ").strip();
    }

    private static boolean named(String name) {
        return WORD.matcher(name).find();
    }

    private static int words(String text) {
        return SPACES.split(text, -1).length;
    }

    private static String cleaned(Map<String, String> text, String keyword) {
        String plain = text.getOrDefault(keyword, "")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
                .replaceAll("\\p{Cntrl}", " ")
                .replace('_', ' ');
        return SPACES.matcher(plain).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    /** The words of a file name such as {@code acquila_architetto_franc_01.png}: those before the artist's name, without numbers. */
    private static String ofFile(String file, String author) {
        String stem = file.replaceFirst("\\.[^.]*$", "").toLowerCase(Locale.ROOT);
        List<String> parts = List.of(stem.split("_", -1));
        String artist = NOT_LETTERS.matcher(author).replaceAll("");
        int end = 1;
        while (end < parts.size() && !isStartOf(artist, parts.subList(end, parts.size()))) {
            end++;
        }
        List<String> words = new ArrayList<>();
        for (String word : String.join(" ", parts.subList(0, end)).split("[\\s.-]+", -1)) {
            String bare = word.length() > 1 ? word.replaceFirst("\\d+$", "") : word;
            if (!bare.isEmpty()) {
                words.add(bare);
            }
        }
        return String.join(" ", words);
    }

    /** Whether the parts are the start of the artist's name, which long file names cut off. */
    private static boolean isStartOf(String artist, List<String> parts) {
        String rest = NOT_LETTERS.matcher(String.join("", parts)).replaceAll("");
        return rest.length() > 2 && artist.startsWith(rest);
    }
}
