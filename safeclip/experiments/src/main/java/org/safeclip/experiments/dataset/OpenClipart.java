package org.safeclip.experiments.dataset;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.RandomKey;
import org.safeclip.data.Resampling;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.image.PngText;
import org.safeclip.settings.InvalidInputException;

/**
 * Prepares pairs from the Open Clipart collection as Debian packages it: some 8,000 public-domain drawings in folders by subject, with
 * title, author and sometimes a description in each file. Captions are as mixed as those of the web: several languages, file
 * names, artists' jokes. The folder of a picture gives its class, which its first caption names. The same files and options give the
 * same bytes.
 */
public final class OpenClipart {
    /** Where the Debian package puts the pictures. */
    public static final Path INSTALLED = Path.of("/usr/share/openclipart/png");

    /** Most captions of a picture. */
    public static final int MOST_CAPTIONS = 3;

    private static final String ENDING = ".png";

    /** More pictures with one name but for the numbers are left out: the collection has 1,375 stars by one formula. */
    private static final int MOST_OF_A_SERIES = 16;

    /** Smaller classes are not tested: hardly any of their pictures would be held out. */
    private static final int FEWEST_OF_A_CLASS = 32;

    private static final int WIDEST = 4; // times as wide as high, or the reverse

    private static final int AT_ONCE = 64;

    /** Pictures of weapons, hate and nudity are left out. */
    private static final Pattern STOP = Pattern.compile(
            "\\b(weapons?|guns?|rifle|pistol|bombs?|grenade|bullets?|swastika|nazi|hitler|reich|klan|kkk|confederate|sexy?|nude|naked)\\b");

    private static final List<String> FORMS = List.of(
            "%s, a kind of %s", "%2$s: %1$s", "%3$s %2$s: %1$s", "%3$s %2$s called %1$s", "a picture of %s, %3$s %2$s");

    private final Path from;
    private final Path out;
    private final int side;
    private final int captions;
    private final LeftOut leftOut = new LeftOut();

    /**
     * A picture with words.
     *
     * @param path path in the collection, with forward slashes
     * @param name what it shows
     * @param description a sentence on it, "" for none
     * @param noun its class, "" for none
     */
    private record Entry(String path, String name, String description, String noun) {
        private String folder() {
            return path.substring(0, path.lastIndexOf('/') + 1);
        }
    }

    /** A picture at the working size, or why it has none. */
    private record Decoded(Entry entry, byte @Nullable [] pixels, String reason) {}

    /**
     * What was written.
     *
     * @param list the csv list of the pairs
     * @param classes the file of the class names
     * @param pictures pictures used
     * @param pairs pairs in the list
     * @param nouns number of classes
     * @param labelled pictures in the folders of these classes
     * @param leftOut what was left out, by reason; empty if nothing was
     */
    public record Prepared(
            Path list, Path classes, int pictures, int pairs, int nouns, long labelled, String leftOut) {}

    /**
     * A preparation that has not begun.
     *
     * @param from the folder of the collection, such as {@link #INSTALLED}
     * @param out the folder to write
     * @param side side of the square pictures in pixels
     * @param captions captions of each picture, at most {@link #MOST_CAPTIONS}; some have fewer
     * @throws InvalidInputException if there is no such folder
     */
    public OpenClipart(Path from, Path out, int side, int captions) {
        if (!Files.isDirectory(from)) {
            throw new InvalidInputException(from + ": no such folder; "
                    + (from.equals(INSTALLED)
                            ? "install the collection (apt-get install openclipart-png), or name its folder with --from"
                            : "expected the folder png of the package openclipart-png"));
        }
        this.from = from;
        this.out = out;
        this.side = side;
        this.captions = captions;
    }

    /**
     * Reads the collection and writes {@code pairs.csv}, {@code images/} and {@code classes.txt}.
     *
     * @throws InvalidInputException if no picture can be used
     */
    public Prepared prepare() throws IOException {
        List<String> paths = paths();
        List<Entry> chosen = selected(named(paths));
        Map<Entry, byte[]> pictures = decoded(chosen);
        if (pictures.isEmpty()) {
            throw new InvalidInputException(from + ": holds no usable PNG pictures"
                    + (leftOut.count() == 0 ? "" : " (" + leftOut.counts() + ")")
                    + "; expected the folder png of the package openclipart-png");
        }
        List<Entry> used = pictures.keySet().stream()
                .sorted(Comparator.comparing(Entry::path))
                .toList();
        Files.createDirectories(out.resolve("images"));
        int pairs = write(used, pictures);
        Map<String, Long> nouns = used.stream()
                .map(Entry::noun)
                .filter(noun -> !noun.isEmpty())
                .collect(Collectors.groupingBy(noun -> noun, TreeMap::new, Collectors.counting()));
        nouns.values().removeIf(count -> count < FEWEST_OF_A_CLASS);
        Path classes = out.resolve("classes.txt");
        Files.writeString(
                classes, nouns.keySet().stream().map(noun -> noun + "\n").collect(Collectors.joining()));
        String remark = leftOut.remark("pictures", paths.size());
        return new Prepared(
                out.resolve("pairs.csv"),
                classes,
                used.size(),
                pairs,
                nouns.size(),
                nouns.values().stream().mapToLong(Long::longValue).sum(),
                remark == null ? "" : remark);
    }

    private List<String> paths() throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            return files.filter(file -> file.toString().endsWith(ENDING) && Files.isRegularFile(file))
                    .map(file -> from.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private List<Entry> named(List<String> paths) throws IOException {
        Map<String, String> nouns = nouns();
        List<Map<String, String>> texts = new ArrayList<>(paths.size());
        for (String path : paths) {
            texts.add(text(from.resolve(path)));
        }
        ClipartNames names = new ClipartNames(texts);
        List<Entry> entries = new ArrayList<>(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            String name = names.name(path.substring(path.lastIndexOf('/') + 1), texts.get(i));
            entries.add(new Entry(path, name, names.description(texts.get(i)), noun(path, nouns)));
        }
        return entries;
    }

    private static Map<String, String> text(Path file) {
        try {
            return PngText.of(ImageFile.bytes(file));
        } catch (ImageFile.Unreadable e) {
            return Map.of(); // counted when it is decoded
        }
    }

    /** The entries with usable words. Of equal pictures the first counts, so those with a class come first. */
    private List<Entry> selected(List<Entry> entries) {
        Map<String, Integer> series = new HashMap<>();
        List<Entry> selected = new ArrayList<>();
        List<Entry> ordered = entries.stream()
                .sorted(Comparator.comparing((Entry entry) -> entry.noun().isEmpty())
                        .thenComparing(Entry::path))
                .toList();
        for (Entry entry : ordered) {
            String words = entry.path().replaceAll("[/_.-]", " ") + " " + entry.name() + " " + entry.description();
            String numberless = entry.folder() + ClipartNames.series(entry.name());
            if (STOP.matcher(words).find()) {
                leftOut.add("on the stop list", entry.path());
            } else if (entry.name().isEmpty()) {
                leftOut.add("no word in title or file name", entry.path());
            } else if (series.merge(numberless, 1, Integer::sum) > MOST_OF_A_SERIES) {
                leftOut.add("of a long series", entry.path());
            } else {
                selected.add(entry);
            }
        }
        return selected;
    }

    /** The pictures that can be used, each once. */
    private Map<Entry, byte[]> decoded(List<Entry> entries) {
        Map<Entry, byte[]> pictures = new LinkedHashMap<>();
        Set<ByteBuffer> known = new HashSet<>();
        for (int first = 0; first < entries.size(); first += AT_ONCE) {
            List<Entry> some = entries.subList(first, Math.min(entries.size(), first + AT_ONCE));
            for (Decoded one : some.parallelStream().map(this::decode).toList()) {
                byte[] pixels = one.pixels();
                if (pixels == null) {
                    leftOut.add(one.reason(), one.entry().path());
                } else if (!known.add(ByteBuffer.wrap(pixels))) {
                    leftOut.add("equal to another", one.entry().path());
                } else {
                    pictures.put(one.entry(), pixels);
                }
            }
        }
        return pictures;
    }

    private Decoded decode(Entry entry) {
        try {
            DecodedImage image = ImageFile.decode(ImageFile.bytes(from.resolve(entry.path())));
            int longer = Math.max(image.width(), image.height());
            if (longer > WIDEST * Math.min(image.width(), image.height())) {
                return new Decoded(entry, null, "too narrow");
            }
            byte[] pixels = padded(image, longer);
            return blank(pixels) ? new Decoded(entry, null, "blank") : new Decoded(entry, pixels, "");
        } catch (ImageFile.Unreadable e) {
            return new Decoded(entry, null, e.reason());
        }
    }

    /** The whole picture on a white square. */
    private byte[] padded(DecodedImage image, int longer) {
        int width = Math.max(1, Math.round((float) side * image.width() / longer));
        int height = Math.max(1, Math.round((float) side * image.height() / longer));
        byte[] small = Resampling.BICUBIC.resize(image.rgb(), image.height(), image.width(), height, width);
        byte[] square = new byte[side * side * 3];
        Arrays.fill(square, (byte) 0xff);
        int left = (side - width) / 2;
        for (int y = 0; y < height; y++) {
            int row = ((y + (side - height) / 2) * side + left) * 3;
            System.arraycopy(small, y * width * 3, square, row, width * 3);
        }
        return square;
    }

    /** Whether all pixels have one colour. */
    private static boolean blank(byte[] pixels) {
        for (int i = 3; i < pixels.length; i++) {
            if (pixels[i] != pixels[i - 3]) {
                return false;
            }
        }
        return true;
    }

    private int write(List<Entry> used, Map<Entry, byte[]> pictures) throws IOException {
        int pairs = 0;
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out.resolve("pairs.csv"))) {
            csv.writeRecord("image", "caption", "source");
            for (int i = 0; i < used.size(); i++) {
                Entry entry = used.get(i);
                String image = String.format(Locale.ROOT, "images/%05d.png", i);
                ImageFile.write(pictures.getOrDefault(entry, new byte[0]), "png", out.resolve(image));
                for (String caption : captions(entry)) {
                    csv.writeRecord(image, caption, entry.path());
                    pairs++;
                }
            }
        }
        return pairs;
    }

    /** The captions of a picture: with its class, with its description or bare, and with the words of its folder. */
    private Collection<String> captions(Entry entry) {
        RandomGenerator random = RandomKey.of(0).fold(entry.path()).random();
        Set<String> all = new LinkedHashSet<>();
        String noun = entry.noun();
        boolean says = noun.isEmpty()
                || Pattern.compile("\\b" + Pattern.quote(noun) + "\\b")
                        .matcher(entry.name())
                        .find();
        String form = FORMS.get(random.nextInt(FORMS.size()));
        String article = !noun.isEmpty() && "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an" : "a";
        all.add(says ? entry.name() : String.format(Locale.ROOT, form, entry.name(), noun, article));
        all.add(entry.description().isEmpty() ? entry.name() : entry.description());
        all.add(folderWords(entry.path()) + ": " + entry.name());
        return all.stream().limit(captions).toList();
    }

    /** The last two folders as words, such as "animals and mammals". */
    private static String folderWords(String path) {
        String[] parts = path.split("/", -1);
        List<String> folders = List.of(parts).subList(Math.max(0, parts.length - 3), parts.length - 1);
        return String.join(" and ", folders).replace('_', ' ').replace('-', ' ');
    }

    /** The class of a picture: that of the innermost folder that has one. */
    private static String noun(String path, Map<String, String> nouns) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            String noun = nouns.get(path.substring(0, end));
            if (noun != null) {
                return noun.equals("-") ? "" : noun;
            }
        }
        return "";
    }

    /** Class names by folder; "-" for a folder of many kinds in one of a class. */
    private static Map<String, String> nouns() throws IOException {
        try (InputStream in = OpenClipart.class.getResourceAsStream("open-clipart.txt")) {
            if (in == null) {
                throw new IOException("the list of Open Clipart's classes is missing: rebuild the program");
            }
            Map<String, String> nouns = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(" = "))
                    .forEach(line -> nouns.put(line.replaceFirst(" = .*", ""), line.replaceFirst(".* = ", "")));
            return nouns;
        }
    }
}
