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
 * The embedded picture set: 9,947 emoji of 32 x 32, 1,900 concepts drawn by up to six artists, with captions and two
 * levels of classes. An artist can be held out, so that tests use pictures nobody trained on. Sources and licences:
 * NOTICE beside the data.
 */
public final class EmojiDataset {

    /** Width and height of every picture. */
    public static final int SIDE = 32;

    private static final int BYTES = SIDE * SIDE * 3;
    private static final Set<String> FLUENT = Set.of("fluent3d", "fluentflat");

    private final byte[][] pixels;
    private final List<EmojiImage> pictures;
    private final List<String> artists;
    private final List<String> concepts;
    private final List<CoarseClass> kinds;
    private final List<Integer> concrete;

    private EmojiDataset(byte[][] pixels, List<EmojiImage> pictures, JsonNode classes) {
        this.pixels = pixels;
        this.pictures = pictures;
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

    /** Reads the set out of this program's own resources; half a second and 31 MB. */
    public static EmojiDataset load() {
        ObjectMapper json = JsonMapper.builder().build();
        List<EmojiImage> pictures = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(resource("emoji.jsonl.gz")), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                pictures.add(picture(json.readTree(line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("embedded emoji.jsonl.gz cannot be read: rebuild the program", e);
        }
        byte[][] pixels = new byte[pictures.size()][BYTES];
        try (InputStream in = new GZIPInputStream(resource("emoji-32.bin.gz"), 1 << 16)) {
            for (byte[] image : pixels) {
                if (in.readNBytes(image, 0, BYTES) != BYTES) {
                    throw new IOException("it ends before picture " + pictures.size());
                }
            }
            if (in.read() >= 0) {
                throw new IOException("it holds more than " + pictures.size() + " pictures");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("embedded emoji-32.bin.gz cannot be read: rebuild the program", e);
        }
        try (InputStream in = resource("classes.json")) {
            return new EmojiDataset(pixels, List.copyOf(pictures), json.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("embedded classes.json cannot be read: rebuild the program", e);
        }
    }

    /** The number of pictures. */
    public int size() {
        return pictures.size();
    }

    /** What is known about picture {@code i}. */
    public EmojiImage picture(int i) {
        return pictures.get(i);
    }

    /** A copy of the pixels of picture {@code i}: 32 * 32 * 3 bytes. */
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

    /** The 31 kinds of things. */
    public List<CoarseClass> kinds() {
        return kinds;
    }

    /** Ids of the 652 concepts that are things one can see: animals, food, places, objects, activities. */
    public List<Integer> concrete() {
        return concrete;
    }

    /** Pictures (indices) of all artists but the held-out ones: one key, or several separated by commas. */
    public int[] trainPictures(String heldOut) {
        Set<String> out = heldOutArtists(heldOut);
        return where(p -> !out.contains(p.artist()));
    }

    /** Pictures (indices) of the held-out artists: one key, or several separated by commas. */
    public int[] heldOutPictures(String heldOut) {
        Set<String> out = heldOutArtists(heldOut);
        return where(p -> out.contains(p.artist()));
    }

    /** The training pairs when an artist is held out: the {@link #trainPictures} with their primary captions. */
    public PairSet train(String heldOut) {
        return train(heldOut, 1);
    }

    /**
     * The training pairs with several captions for each picture, each making a pair of its own.
     *
     * @param captions of a picture, 1 to 4: the primary one, then the alternatives
     */
    public PairSet train(String heldOut, int captions) {
        List<Pair> pairs = new ArrayList<>();
        for (int i : trainPictures(heldOut)) {
            EmojiImage picture = pictures.get(i);
            pairs.add(new Pair(pixels[i], picture.caption()));
            for (String caption : picture.alternatives().subList(0, captions - 1)) {
                pairs.add(new Pair(pixels[i], caption));
            }
        }
        return PairSet.of(SIDE, pairs);
    }

    /** The training pairs, the pictures of the held-out artists, and both levels of classes. */
    public Dataset dataset(String heldOut, int captions) {
        Map<Integer, Integer> concept = placeOfConcept();
        Map<Integer, Integer> kind = kindOfConcept();
        List<HeldOutImage> out = new ArrayList<>();
        for (int i : heldOutPictures(heldOut)) {
            EmojiImage picture = pictures.get(i);
            List<String> said = new ArrayList<>(List.of(picture.caption()));
            said.addAll(picture.alternatives().subList(0, captions - 1));
            out.add(new HeldOutImage(
                    image(i),
                    said,
                    picture.name(),
                    concept.getOrDefault(picture.concept(), -1),
                    kind.getOrDefault(picture.concept(), -1)));
        }
        LabelledIndices taught = labelledByKind(trainPictures(heldOut));
        List<LabelledImage> lessons = IntStream.range(0, taught.size())
                .mapToObj(i -> new LabelledImage(image(taught.pictures()[i]), taught.labels()[i]))
                .toList();
        PairSet train = train(heldOut, captions);
        int[] rows = IntStream.range(0, train.size()).toArray();
        return new Dataset(train, rows, out, lessons, conceptClasses(), kindClasses(), List.of());
    }

    /** The classes of zero-shot over the 31 kinds. */
    public ClassList kindClasses() {
        return ClassList.of(kinds.stream().map(CoarseClass::noun).toList(), PromptTemplates.embedded("kinds"));
    }

    /** The classes of zero-shot over the 652 concrete concepts. */
    public ClassList conceptClasses() {
        return ClassList.of(concrete.stream().map(concepts::get).toList(), PromptTemplates.embedded("concepts"));
    }

    /** Those of the given pictures that belong to one of the 31 kinds, with it. */
    public LabelledIndices labelledByKind(int[] indices) {
        return labelled(indices, kindOfConcept());
    }

    /** Those of the given pictures that show one of the 652 concrete concepts, with its place in that list. */
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
                .filter(i -> classOf.containsKey(pictures.get(i).concept()))
                .toArray();
        int[] labels = Arrays.stream(chosen)
                .map(i -> classOf.getOrDefault(pictures.get(i).concept(), -1))
                .toArray();
        return new LabelledIndices(chosen, labels);
    }

    private int[] where(Predicate<EmojiImage> keep) {
        return IntStream.range(0, size())
                .filter(i -> keep.test(pictures.get(i)))
                .toArray();
    }

    private Set<String> heldOutArtists(String keys) {
        Set<String> out = new TreeSet<>();
        for (String key : keys.split(",", -1)) {
            if (!artists.contains(key.strip())) {
                throw new InvalidInputException("held-out artist \"" + key.strip() + "\" is unknown: take one of "
                        + String.join(", ", artists));
            }
            out.add(key.strip());
        }
        boolean oneFluent = FLUENT.stream().filter(out::contains).count() == 1;
        if (oneFluent) {
            throw new InvalidInputException(
                    "held-out artist \"" + keys + "\": fluent3d and fluentflat share outlines,"
                            + " so one would be tested on what the other taught; hold out both (fluent3d,fluentflat) or neither");
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

    private static EmojiImage picture(JsonNode node) {
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
