package org.safeclip.experiments.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.settings.InvalidInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The embedded images: 9,947 emoji of 32 x 32 pixels, 1,900 concepts drawn by up to six artists, with captions and two levels of
 * classes. An artist can be held out for tests. Sources and licences: NOTICE beside the data.
 */
public final class EmojiDataset {

    /** Width and height of every image in pixels. */
    public static final int SIDE = 32;

    private static final int BYTES = SIDE * SIDE * 3;
    private static final Set<String> FLUENT = Set.of("fluent3d", "fluentflat");

    private final byte[][] pixels;
    private final List<EmojiImage> images;
    private final List<String> artists;
    private final List<String> concepts;
    private final List<CoarseClass> kinds;
    private final List<Integer> concrete;

    private EmojiDataset(byte[][] pixels, List<EmojiImage> images, JsonNode classes) {
        this.pixels = pixels;
        this.images = images;
        this.artists = classes.required("artists")
                .valueStream()
                .map(a -> a.required("key").asString())
                .toList();
        this.concepts = classes.required("concepts")
                .valueStream()
                .map(c -> c.required("name").asString())
                .toList();
        this.concrete =
                classes.required("concrete").valueStream().map(JsonNode::asInt).toList();
        this.kinds = kinds(classes);
    }

    /** Reads the data set from the program's resources; takes half a second and 31 MB. */
    public static EmojiDataset load() {
        ObjectMapper json = JsonMapper.builder().build();
        List<EmojiImage> images = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(resource("emoji.jsonl.gz")), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                images.add(parse(json.readTree(line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("embedded emoji.jsonl.gz cannot be read: rebuild the program", e);
        }
        byte[][] pixels = new byte[images.size()][BYTES];
        try (InputStream in = new GZIPInputStream(resource("emoji-32.bin.gz"), 1 << 16)) {
            for (byte[] image : pixels) {
                if (in.readNBytes(image, 0, BYTES) != BYTES) {
                    throw new IOException("file ends before image " + images.size());
                }
            }
            if (in.read() >= 0) {
                throw new IOException("file contains more than " + images.size() + " images");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("embedded emoji-32.bin.gz cannot be read: rebuild the program", e);
        }
        try (InputStream in = resource("classes.json")) {
            return new EmojiDataset(pixels, List.copyOf(images), json.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("embedded classes.json cannot be read: rebuild the program", e);
        }
    }

    /** The number of images. */
    public int size() {
        return images.size();
    }

    /** Metadata of image {@code i}. */
    public EmojiImage info(int i) {
        return images.get(i);
    }

    /** A copy of the pixels of image {@code i}: 8-bit RGB, {@code [32, 32, 3]}. */
    public byte[] image(int i) {
        return pixels[i].clone();
    }

    /** Keys of the six artists. */
    public List<String> artists() {
        return artists;
    }

    /** Names of all 1,900 concepts; the position is the concept id. */
    public List<String> concepts() {
        return concepts;
    }

    /** The 31 coarse classes. */
    public List<CoarseClass> kinds() {
        return kinds;
    }

    /** Ids of the 652 concrete concepts, the fine classes: animals, food, places, objects, activities. */
    public List<Integer> concrete() {
        return concrete;
    }

    /**
     * Indices of the training images.
     *
     * @param heldOut keys of the held-out artists, separated by commas
     * @throws InvalidInputException if a key is unknown or no artist is left
     */
    public int[] trainImages(String heldOut) {
        Set<String> out = heldOutArtists(heldOut);
        return where(p -> !out.contains(p.artist()));
    }

    /**
     * Indices of the held-out images.
     *
     * @param heldOut keys of the held-out artists, separated by commas
     * @throws InvalidInputException if a key is unknown or no artist is left
     */
    public int[] heldOutImages(String heldOut) {
        Set<String> out = heldOutArtists(heldOut);
        return where(p -> out.contains(p.artist()));
    }

    /** The training pairs if artists are held out: the {@link #trainImages} with their primary captions. */
    public PairSet train(String heldOut) {
        return train(heldOut, 1);
    }

    /**
     * The training pairs with one or more captions for each image, one pair for each caption.
     *
     * @param captions captions used of each image, 1 to 4: the primary one, then the alternatives
     */
    public PairSet train(String heldOut, int captions) {
        List<Pair> pairs = new ArrayList<>();
        for (int i : trainImages(heldOut)) {
            EmojiImage image = images.get(i);
            pairs.add(new Pair(pixels[i], image.caption()));
            for (String caption : image.alternatives().subList(0, captions - 1)) {
                pairs.add(new Pair(pixels[i], caption));
            }
        }
        return PairSet.of(SIDE, pairs);
    }

    /**
     * The data set: training pairs, images of the held-out artists, and both levels of classes.
     *
     * @param heldOut keys of the held-out artists, separated by commas
     * @param captions captions used of each image, 1 to 4
     */
    public Dataset dataset(String heldOut, int captions) {
        Map<Integer, Integer> concept = placeOfConcept();
        Map<Integer, Integer> kind = kindOfConcept();
        List<HeldOutImage> out = new ArrayList<>();
        for (int i : heldOutImages(heldOut)) {
            EmojiImage image = images.get(i);
            List<String> captionsOf = new ArrayList<>(List.of(image.caption()));
            captionsOf.addAll(image.alternatives().subList(0, captions - 1));
            out.add(new HeldOutImage(
                    image(i),
                    captionsOf,
                    image.name(),
                    concept.getOrDefault(image.concept(), -1),
                    kind.getOrDefault(image.concept(), -1)));
        }
        LabelledIndices labelled = labelledByKind(trainImages(heldOut));
        List<LabelledImage> probeImages = IntStream.range(0, labelled.size())
                .mapToObj(i -> new LabelledImage(image(labelled.images()[i]), labelled.labels()[i]))
                .toList();
        PairSet train = train(heldOut, captions);
        int[] rows = IntStream.range(0, train.size()).toArray();
        return new Dataset(train, rows, out, probeImages, conceptClasses(), kindClasses(), List.of());
    }

    /** The 31 coarse classes with their prompts. */
    public ClassList kindClasses() {
        return ClassList.of(kinds.stream().map(CoarseClass::noun).toList(), PromptTemplates.embedded("kinds"));
    }

    /** The 652 fine classes with their prompts. */
    public ClassList conceptClasses() {
        return ClassList.of(concrete.stream().map(concepts::get).toList(), PromptTemplates.embedded("concepts"));
    }

    /** The given images that belong to a coarse class, labelled with its index. */
    public LabelledIndices labelledByKind(int[] indices) {
        return labelled(indices, kindOfConcept());
    }

    /** The given images that belong to a fine class, labelled with its index. */
    public LabelledIndices labelledByConcept(int[] indices) {
        return labelled(indices, placeOfConcept());
    }

    private Map<Integer, Integer> kindOfConcept() {
        Map<Integer, Integer> kindOf = new LinkedHashMap<>();
        kinds.forEach(kind -> kind.concepts().forEach(concept -> kindOf.put(concept, kind.id())));
        return kindOf;
    }

    private Map<Integer, Integer> placeOfConcept() {
        Map<Integer, Integer> placeOf = new LinkedHashMap<>();
        concrete.forEach(concept -> placeOf.put(concept, placeOf.size()));
        return placeOf;
    }

    private LabelledIndices labelled(int[] indices, Map<Integer, Integer> classOf) {
        int[] chosen = Arrays.stream(indices)
                .filter(i -> classOf.containsKey(images.get(i).concept()))
                .toArray();
        int[] labels = Arrays.stream(chosen)
                .map(i -> classOf.getOrDefault(images.get(i).concept(), -1))
                .toArray();
        return new LabelledIndices(chosen, labels);
    }

    private int[] where(Predicate<EmojiImage> keep) {
        return IntStream.range(0, size()).filter(i -> keep.test(images.get(i))).toArray();
    }

    private Set<String> heldOutArtists(String keys) {
        Set<String> out = new TreeSet<>();
        for (String key : keys.split(",", -1)) {
            if (!artists.contains(key.strip())) {
                throw new InvalidInputException("held-out artist \"" + key.strip() + "\" is unknown; expected one of "
                        + String.join(", ", artists));
            }
            out.add(key.strip());
        }
        boolean oneFluent = FLUENT.stream().filter(out::contains).count() == 1;
        if (oneFluent) {
            throw new InvalidInputException("held-out artist \"" + keys + "\": fluent3d and fluentflat share outlines,"
                    + " so the test of one would not be independent of training on the other; hold out both"
                    + " (fluent3d,fluentflat) or neither");
        }
        if (out.size() == artists.size()) {
            throw new InvalidInputException("held-out artist \"" + keys + "\" leaves nothing to train on");
        }
        return out;
    }

    private static List<CoarseClass> kinds(JsonNode classes) {
        Map<String, List<Integer>> bySubgroup = new LinkedHashMap<>();
        for (JsonNode concept : classes.required("concepts")) {
            bySubgroup
                    .computeIfAbsent(concept.required("kind").asString(), k -> new ArrayList<>())
                    .add(concept.required("id").asInt());
        }
        List<CoarseClass> kinds = new ArrayList<>();
        for (JsonNode kind : classes.required("kinds")) {
            String key = kind.required("key").asString();
            List<Integer> concepts = List.copyOf(bySubgroup.getOrDefault(key, List.of()));
            kinds.add(new CoarseClass(kinds.size(), key, kind.required("noun").asString(), concepts));
        }
        return List.copyOf(kinds);
    }

    private static EmojiImage parse(JsonNode node) {
        return new EmojiImage(
                node.required("index").asInt(),
                node.required("artist").asString(),
                node.required("concept").asInt(),
                node.required("name").asString(),
                node.required("kind").asString(),
                node.required("group").asString(),
                node.required("caption").asString(),
                strings(node.required("alternatives")),
                strings(node.required("keywords")));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = EmojiDataset.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("resource " + name + " is missing");
        }
        return in;
    }
}
