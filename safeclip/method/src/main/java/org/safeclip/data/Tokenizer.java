package org.safeclip.data;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.safeclip.settings.InvalidInputException;

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016) with CLIP's rules: text is cleaned and split into words; the
 * bytes of a word become letters, the last one marked as the end of a word; then neighbours merge, the earliest merge
 * first. Ids: 256 byte letters, the same 256 at a word's end, one for each merge, start, end.
 *
 * <p>Padding is id 0, which is also a letter ("!"): the text ends at the first largest id ({@link #endPosition}).
 */
public final class Tokenizer {

    private static final String END_OF_WORD = "</w>";
    private static final String START_WORD = "<|startoftext|>";
    private static final String END_WORD = "<|endoftext|>";
    private static final Pattern WORDS = Pattern.compile(
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+");
    private static final Pattern SPACES = Pattern.compile("(?U)\\s+");
    private static final Pattern MARK = Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\\w{2,4}));");
    private static final Map<String, String> NAMED_MARKS =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ");
    private static final int[] LETTER_OF_BYTE = new int[256]; // the printable letter that stands for a byte
    private static final List<Integer> BYTE_ORDER = new ArrayList<>(); // bytes by token id
    private static final int CACHED_WORDS = 1 << 16;

    static {
        for (int b = 0; b < 256; b++) {
            if ((b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174) {
                LETTER_OF_BYTE[b] = b;
                BYTE_ORDER.add(b);
            }
        }
        for (int b = 0; b < 256; b++) {
            if (LETTER_OF_BYTE[b] == 0) {
                LETTER_OF_BYTE[b] = 68 + BYTE_ORDER.size(); // 188 letters stand for themselves: upward from 256
                BYTE_ORDER.add(b);
            }
        }
    }

    private final List<String> symbols = new ArrayList<>(); // by id, without start and end
    private final Map<String, Integer> ids = new HashMap<>();
    private final Long2IntOpenHashMap merged =
            new Long2IntOpenHashMap(); // (left id, right id) -> id of both; earlier is smaller
    private final List<String> merges;
    private final ConcurrentHashMap<String, int[]> known = new ConcurrentHashMap<>();

    private Tokenizer(List<String> merges) {
        this.merges = List.copyOf(merges);
        for (String end : List.of("", END_OF_WORD)) {
            for (int b : BYTE_ORDER) {
                add((char) LETTER_OF_BYTE[b] + end);
            }
        }
        for (int i = 0; i < merges.size(); i++) {
            String[] parts = merges.get(i).split(" ", -1);
            if (parts.length != 2 || !ids.containsKey(parts[0]) || !ids.containsKey(parts[1])) {
                throw new InvalidInputException("merge " + (i + 1) + " of the vocabulary is \"" + merges.get(i)
                        + "\", expected two known symbols separated by a space: the merges file is damaged");
            }
            merged.putIfAbsent(pair(id(parts[0]), id(parts[1])), symbols.size());
            add(parts[0] + parts[1]);
        }
    }

    /**
     * Learns merges from captions: again and again the most frequent pair of neighbours, the alphabetically first one
     * among equals, until the vocabulary is full or no pair occurs twice.
     *
     * @param vocabulary number of ids, 514 of which are letters, start and end
     */
    public static Tokenizer learn(Collection<String> captions, int vocabulary) {
        int letters = 2 * BYTE_ORDER.size() + 2;
        if (vocabulary < letters) {
            throw new InvalidInputException(
                    "vocabulary is " + vocabulary + ", expected at least " + letters + " for the letters alone");
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String caption : captions) {
            Matcher words = WORDS.matcher(clean(caption));
            while (words.find()) {
                counts.merge(words.group(), 1, Integer::sum);
            }
        }
        Map<List<String>, Integer> spelled = new LinkedHashMap<>();
        counts.forEach((word, count) -> spelled.put(List.of(spell(word)), count));
        return new Tokenizer(BytePairLearner.learn(spelled, vocabulary - letters));
    }

    /** CLIP's own vocabulary of 49,408 ids (OpenAI, MIT licence), out of this program's resources. */
    public static Tokenizer openAi() {
        String name = "bpe_simple_vocab_16e6.txt.gz";
        try (InputStream in = Tokenizer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing");
            }
            return parse(new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("embedded " + name + " cannot be read: rebuild the program", e);
        }
    }

    /** Reads {@link #serialise}'s text or CLIP's merges file: a version line, then a merge a line. */
    public static Tokenizer parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().contains("#version")) {
            throw new InvalidInputException(
                    "vocabulary starts without a \"#version\" line: this is not a file of byte-pair merges");
        }
        return new Tokenizer(lines.subList(1, lines.size()));
    }

    /** All that is needed to build this tokenizer again, as text for {@link #parse}. */
    public String serialise() {
        return "#version: 0.2\n" + merges.stream().map(merge -> merge + "\n").collect(Collectors.joining());
    }

    /** Number of ids, start and end included. */
    public int vocabulary() {
        return symbols.size() + 2;
    }

    /** Id of the token in front of every text. */
    public int start() {
        return symbols.size();
    }

    /** Id of the token behind every text: the largest of all. */
    public int end() {
        return symbols.size() + 1;
    }

    /** The tokens of a text alone, without start, end and padding. */
    public int[] encode(String text) {
        int[] out = new int[16];
        int n = 0;
        Matcher words = WORDS.matcher(clean(text));
        while (words.find()) {
            int[] word = encodeWord(words.group());
            if (n + word.length > out.length) {
                out = Arrays.copyOf(out, 2 * (n + word.length));
            }
            System.arraycopy(word, 0, out, n, word.length);
            n += word.length;
        }
        return Arrays.copyOf(out, n);
    }

    /**
     * Start, the text's tokens, end, then 0 up to {@code context} ids; a text that is too long is cut so that the end
     * token is in the last place.
     */
    public int[] encode(String text, int context) {
        if (context < 2) {
            throw new InvalidInputException("context is " + context + ", expected at least 2 for start and end");
        }
        int[] tokens = encode(text);
        int kept = Math.min(tokens.length, context - 2);
        int[] row = new int[context];
        row[0] = start();
        System.arraycopy(tokens, 0, row, 1, kept);
        row[kept + 1] = end();
        return row;
    }

    /** Position, counted from {@code from}, of the first largest id among {@code length} ones: the end token. */
    public static int endPosition(int[] tokens, int from, int length) {
        int best = 0;
        for (int i = 1; i < length; i++) {
            if (tokens[from + i] > tokens[from + best]) {
                best = i;
            }
        }
        return best;
    }

    /** The text that tokens stand for, words separated by spaces; reads up to the end token if there is one. */
    public String decode(int... tokens) {
        StringBuilder letters = new StringBuilder();
        for (int token : tokens) {
            if (token == end()) {
                break;
            }
            if (token != start()) {
                letters.append(symbols.get(token));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String marked = letters.toString().replace(END_OF_WORD, " "); // a space is no byte letter
        for (int i = 0; i < marked.length(); i++) {
            int letter = marked.charAt(i);
            bytes.write(letter < 256 ? letter : BYTE_ORDER.get(letter - 68));
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    private int[] encodeWord(String word) {
        int[] cached = known.get(word);
        if (cached != null) {
            return cached;
        }
        int[] tokens = switch (word) {
            case START_WORD -> new int[] {start()};
            case END_WORD -> new int[] {end()};
            default -> merge(spell(word));
        };
        if (known.size() < CACHED_WORDS) {
            known.put(word, tokens);
        }
        return tokens;
    }

    private int[] merge(String[] spelled) {
        int[] tokens = Arrays.stream(spelled).mapToInt(this::id).toArray();
        int n = tokens.length;
        while (true) {
            int best = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < n; i++) {
                best = Math.min(best, merged.getOrDefault(pair(tokens[i], tokens[i + 1]), Integer.MAX_VALUE));
            }
            if (best == Integer.MAX_VALUE) {
                return Arrays.copyOf(tokens, n);
            }
            int to = 0;
            for (int i = 0; i < n; i++, to++) {
                boolean here = i + 1 < n && merged.getOrDefault(pair(tokens[i], tokens[i + 1]), -1) == best;
                tokens[to] = here ? best : tokens[i];
                i += here ? 1 : 0;
            }
            n = to;
        }
    }

    private static String[] spell(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        String[] letters = new String[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            letters[i] = Character.toString(LETTER_OF_BYTE[bytes[i] & 0xff]);
        }
        letters[bytes.length - 1] += END_OF_WORD;
        return letters;
    }

    /** HTML marks resolved twice, composed letters, single spaces, lower case. Broken encodings are not repaired. */
    private static String clean(String text) {
        String plain = unescape(unescape(Normalizer.normalize(text, Normalizer.Form.NFC)));
        return SPACES.matcher(plain).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private static String unescape(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return MARK.matcher(text).replaceAll(found -> {
            int code = -1;
            if (found.group(1) != null) {
                code = Integer.parseInt(found.group(1));
            } else if (found.group(2) != null) {
                code = Integer.parseInt(found.group(2), 16);
            }
            String named = found.group(3) == null ? null : NAMED_MARKS.get(found.group(3));
            String letter =
                    named != null ? named : Character.isDefined(code) ? Character.toString(code) : found.group();
            return Matcher.quoteReplacement(letter);
        });
    }

    private void add(String symbol) {
        ids.putIfAbsent(symbol, symbols.size());
        symbols.add(symbol);
    }

    private int id(String symbol) {
        Integer id = ids.get(symbol);
        if (id == null) {
            throw new IllegalStateException("symbol " + symbol + " is not in the vocabulary");
        }
        return id;
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }
}
