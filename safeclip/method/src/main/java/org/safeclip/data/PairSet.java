package org.safeclip.data;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.safeclip.settings.InvalidInputException;

/**
 * N pairs of a square S x S image and its caption, immutable. Attacks are steps from one set to another ({@link
 * #with}, {@link #replaced}); the set itself cannot tell a poison from an honest pair.
 */
public final class PairSet {

    private final int side;
    private final byte[][] images;
    private final List<String> captions;

    private PairSet(int side, byte[][] images, List<String> captions) {
        this.side = side;
        this.images = images;
        this.captions = captions;
    }

    /** A set of the given pairs; {@code side} is the S of every image. */
    public static PairSet of(int side, Collection<Pair> pairs) {
        byte[][] images = new byte[pairs.size()][];
        List<String> captions = new ArrayList<>(pairs.size());
        for (Pair pair : pairs) {
            images[captions.size()] = checked(side, pair, captions.size());
            captions.add(pair.caption());
        }
        return new PairSet(side, images, List.copyOf(captions));
    }

    /** N. */
    public int size() {
        return images.length;
    }

    /** S, the width and height of every image. */
    public int imageSize() {
        return side;
    }

    /** A copy of image {@code i}: S * S * 3 bytes. */
    public byte[] image(int i) {
        return images[i].clone();
    }

    /** The caption of image {@code i}. */
    public String caption(int i) {
        return captions.get(i);
    }

    /** For every pair the number of pairs with exactly the same image, itself included; {@code [N]}. */
    public int[] copies() {
        Object2IntOpenHashMap<ByteBuffer> counts = new Object2IntOpenHashMap<>();
        for (byte[] image : images) {
            counts.addTo(ByteBuffer.wrap(image), 1); // buffers are equal when their bytes are
        }
        int[] copies = new int[images.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = counts.getInt(ByteBuffer.wrap(images[i]));
        }
        return copies;
    }

    /** For every pair the first pair of the set with exactly the same image, which may be itself; {@code [N]}. */
    public int[] firstShown() {
        Object2IntOpenHashMap<ByteBuffer> seen = new Object2IntOpenHashMap<>();
        int[] first = new int[images.length];
        for (int i = 0; i < first.length; i++) {
            int here = i;
            first[i] = seen.computeIfAbsent(ByteBuffer.wrap(images[i]), _ -> here);
        }
        return first;
    }

    /** All captions, in order. */
    public List<String> captions() {
        return captions;
    }

    /** This set followed by {@code more}; the indices of the pairs already here stay. */
    public PairSet with(Collection<Pair> more) {
        PairSet added = of(side, more);
        byte[][] all = Arrays.copyOf(images, images.length + added.images.length);
        System.arraycopy(added.images, 0, all, images.length, added.images.length);
        List<String> words = new ArrayList<>(captions);
        words.addAll(added.captions);
        return new PairSet(side, all, List.copyOf(words));
    }

    /** This set with the pairs at the given indices exchanged. */
    public PairSet replaced(Map<Integer, Pair> changes) {
        byte[][] all = images.clone();
        List<String> words = new ArrayList<>(captions);
        changes.forEach((index, pair) -> {
            all[index] = checked(side, pair, index);
            words.set(index, pair.caption());
        });
        return new PairSet(side, all, List.copyOf(words));
    }

    /** The stored bytes themselves, for readers in this package, which must not write to them. */
    byte[] pixels(int i) {
        return images[i];
    }

    private static byte[] checked(int side, Pair pair, int index) {
        int expected = side * side * 3;
        if (pair.image().length != expected) {
            throw new InvalidInputException("image " + index + " has " + pair.image().length + " bytes, expected "
                    + expected + " (" + side + " x " + side + " x 3): resize it first");
        }
        return pair.image().clone();
    }
}
