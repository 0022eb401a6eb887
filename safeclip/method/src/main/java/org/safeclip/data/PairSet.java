package org.safeclip.data;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * N pairs of a square S x S image and its caption, immutable. Attacks are steps from one set to another ({@link
 * #with}, {@link #replaced}); the set itself cannot tell a poison from an honest pair. Pairs that show the same image share it in an
 * {@link ImageStore}, which need not be in memory.
 */
public final class PairSet {
    private final ImageStore images;
    private final int[] imageOf; // [N], numbers in the store
    private final List<String> captions;
    private volatile int @Nullable [] firstShown; // made once, it may need all images

    private PairSet(ImageStore images, int[] imageOf, List<String> captions) {
        this.images = images;
        this.imageOf = imageOf;
        this.captions = captions;
    }

    /** A set of the given pairs, which are copied; {@code side} is the S of every image. */
    public static PairSet of(int side, Collection<Pair> pairs) {
        Map<byte[], Integer> numbers = new IdentityHashMap<>();
        List<byte[]> images = new ArrayList<>();
        int[] imageOf = new int[pairs.size()];
        List<String> captions = new ArrayList<>(pairs.size());
        for (Pair pair : pairs) {
            imageOf[captions.size()] = numbers.computeIfAbsent(pair.image(), image -> {
                images.add(image.clone());
                return images.size() - 1;
            });
            captions.add(pair.caption());
        }
        return new PairSet(new MemoryImages(side, images), imageOf, List.copyOf(captions));
    }

    /**
     * A set of pairs whose images are in a store.
     *
     * @param imageOf number of each pair's image in the store, {@code [N]}
     * @param captions captions of the pairs, {@code [N]}; the list must not change
     */
    public static PairSet of(ImageStore images, int[] imageOf, List<String> captions) {
        if (imageOf.length != captions.size()) {
            throw new IllegalArgumentException("set of pairs: " + imageOf.length + " images but " + captions.size()
                    + " captions; give one of each for every pair");
        }
        for (int image : imageOf) {
            Objects.checkIndex(image, images.size());
        }
        return new PairSet(images, imageOf.clone(), captions);
    }

    /** N. */
    public int size() {
        return imageOf.length;
    }

    /** S, the width and height of every image. */
    public int imageSize() {
        return images.side();
    }

    /** A copy of image {@code i}: S * S * 3 bytes. */
    public byte[] image(int i) {
        return pixels(i).clone();
    }

    /** The caption of image {@code i}. */
    public String caption(int i) {
        return captions.get(i);
    }

    /** The {@link ImageHash} of image {@code i}. */
    public long imageHash(int i) {
        return images.hash(imageOf[i]);
    }

    /** For every pair the number of pairs with exactly the same image, itself included; {@code [N]}. */
    public int[] copies() {
        int[] first = known();
        int[] counts = new int[first.length];
        for (int shown : first) {
            counts[shown]++;
        }
        return Arrays.stream(first).map(shown -> counts[shown]).toArray();
    }

    /** For every pair the first pair of the set with exactly the same image, which may be itself; {@code [N]}. */
    public int[] firstShown() {
        return known().clone();
    }

    private int[] known() {
        int[] first = firstShown;
        if (first == null) {
            first = findFirstShown();
            firstShown = first;
        }
        return first;
    }

    private int[] findFirstShown() {
        int[] byNumber = new int[images.size()]; // first pair of each image of the store, −1 before it is met
        Arrays.fill(byNumber, -1);
        Long2IntOpenHashMap byHash = new Long2IntOpenHashMap();
        byHash.defaultReturnValue(-1);
        int[] first = new int[imageOf.length];
        for (int i = 0; i < first.length; i++) {
            int number = imageOf[i];
            if (byNumber[number] < 0) {
                byNumber[number] = firstEqual(byHash, i);
            }
            first[i] = byNumber[number];
        }
        return first;
    }

    /** The first pair whose image has the same bytes as that of a pair. */
    private int firstEqual(Long2IntOpenHashMap byHash, int pair) {
        for (long hash = imageHash(pair); ; hash++) { // the next one where another image has this hash
            int before = byHash.putIfAbsent(hash, pair);
            if (before < 0) {
                return pair;
            } else if (Arrays.equals(pixels(before), pixels(pair))) {
                return before;
            }
        }
    }

    /** The SHA-256, in hexadecimal, of all images and captions in order: by their hashes, so images are not read where a store knows those. */
    public String digest() {
        MessageDigest digest = ImageHash.sha256();
        long[] hashes = new long[images.size()];
        boolean[] known = new boolean[hashes.length];
        ByteBuffer hash = ByteBuffer.allocate(Long.BYTES);
        for (int i = 0; i < imageOf.length; i++) {
            int number = imageOf[i];
            if (!known[number]) {
                known[number] = true;
                hashes[number] = images.hash(number);
            }
            digest.update(hash.putLong(0, hashes[number]).rewind());
            digest.update(captions.get(i).getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** All captions, in order. */
    public List<String> captions() {
        return captions;
    }

    /** This set followed by {@code more}; the indices of the pairs already here stay. */
    public PairSet with(Collection<Pair> more) {
        PairSet added = of(imageSize(), more);
        int[] numbers = Arrays.copyOf(imageOf, imageOf.length + added.imageOf.length);
        for (int i = 0; i < added.imageOf.length; i++) {
            numbers[imageOf.length + i] = images.size() + added.imageOf[i];
        }
        return new PairSet(
                AddedImages.of(images, (MemoryImages) added.images),
                numbers,
                EditedList.with(captions, added.captions));
    }

    /** This set with the pairs at the given indices exchanged. */
    public PairSet replaced(Map<Integer, Pair> changes) {
        List<Integer> places = List.copyOf(changes.keySet());
        PairSet exchanged = of(
                imageSize(),
                places.stream()
                        .map(place -> Objects.requireNonNull(changes.get(place)))
                        .toList());
        int[] numbers = imageOf.clone();
        for (int i = 0; i < places.size(); i++) {
            numbers[places.get(i)] = images.size() + exchanged.imageOf[i];
        }
        Map<Integer, String> words = new HashMap<>();
        changes.forEach((place, pair) -> words.put(place, pair.caption()));
        return new PairSet(
                AddedImages.of(images, (MemoryImages) exchanged.images), numbers, EditedList.replaced(captions, words));
    }

    /** The stored bytes themselves, for readers in this package, which must not write to them. */
    byte[] pixels(int i) {
        return images.read(imageOf[i]);
    }
}
